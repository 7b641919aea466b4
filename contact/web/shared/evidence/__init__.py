"""Files of a contact for whichever desk works it: listed, looked at, sent; each desk has its own routes to them."""
