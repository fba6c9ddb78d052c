"""The side step after stage 3: what matched works cite, and what cites them."""

from dl_lit.expansion.expander import Expander

__all__ = ["Expander"]
