"""Mounts, old and new, and changes of the root."""

answer = {
    name: syscall(number, 0, 0, 0, 0, 0)
    for name, number in dict(
        mount=165,
        umount2=166,
        pivot_root=155,
        chroot=161,
        open_tree=428,
        move_mount=429,
        fsopen=430,
        fsmount=432,
        fspick=433,
        mount_setattr=442,
        open_by_handle_at=304,
        name_to_handle_at=303,
    ).items()
}
answer = sorted(set(answer.values()))
