"""The line editor of `wardian shell`, a process of its own."""
