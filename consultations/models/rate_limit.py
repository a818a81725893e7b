from gutskin.rate_limits import AddressCount


class RateLimit(AddressCount):
    """How many requests for a consultation one address stored in the hour that began at `window_start`."""
