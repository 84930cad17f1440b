"""Floor 3: a simulated smart-metering network, what its thirteen senders make of it, and the truth beside it.

It knows feeds and the vocabulary, and nothing of how deliveries are taken in or figures made: the truth is counted by other code than
the product's, so that comparing the two proves something. Its packages (numpy, pyarrow) are the extra `simulate`.
"""
