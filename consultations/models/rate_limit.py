from gutskin.rate_limits import AddressCount


class RateLimit(AddressCount):
    """How often one thing was done in the hour that began at `window_start`, by one address, for one mailbox, in one
    request or by all together: requests, codes, links, photos, messages, receipts.
    """
