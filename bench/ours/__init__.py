"""The jobs as the product does them: nothing here but calls of it."""
