"""Work done outside a request: one small module per job; each takes ids, is bounded, and may run twice unfelt."""
