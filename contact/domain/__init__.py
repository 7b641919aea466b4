"""The rules of the trade in plain Python: imports the standard library only, and anybody in `contact` may import it.

One file is one noun: what a contact is called and how grave it is (`taxonomy`), which moves are legal (`states`), when
a person must look and answer (`clocks`), who is first (`queueing`), what sounds like danger (`screen`), what the
machine proposes (`proposal`), and the names of everything that is written down (`events`). No Flask, no SQL, and no
clock of its own: `now` is passed in.
"""
