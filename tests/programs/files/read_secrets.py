"""Files of the host that every script would like to read."""

paths = ("/etc/shadow", "/root/.ssh/id_rsa", "/etc/ssl/private", "/var/log/syslog", "/home")
answer = sorted({attempt(open, path) for path in paths} - {"ENOENT", "EACCES"})
