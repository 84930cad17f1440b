"""Columns put in another order."""

import numpy as np

from tocsin.engines.compiled.kernels.compiling import kernel


@kernel
def gathered(values, order, made):
    """The values in that order of places, perhaps in wider numbers; numpy takes three times as long."""
    for row in range(order.shape[0]):
        made[row] = values[np.uint64(order[row])]
