"""What the templates read: everything already decided and put into words.

Nothing here is secret: what a mail must not hold is left out when these values are built,
not when they are shown. Texts carry plain punctuation; escaping is the templates' work.
"""
