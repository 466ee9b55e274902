# Sourced by the scripts beside it: what more than one of them needs.

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

# retry runs a shell function up to three times: a download may break off. Call it
# as a plain command: in "if retry f" and "retry f || g" bash ignores set -e in f.
retry() {
	local try rc
	for try in 1 2 3; do
		set +e
		(set -e; "$@")
		rc=$?
		set -e
		[ $rc -ne 0 ] || return 0
		say "try $try of '$*' failed ($rc)"
	done
	return $rc
}

# apt_install installs those of the named Debian packages that are missing. The
# lock lets two scripts call it at once; apt's own only guards dpkg.
apt_install() {
	local package missing=()
	for package in "$@"; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
	done
	[ ${#missing[@]} -eq 0 ] && return
	(
		flock 9
		apt-get -qq -o Acquire::Retries=3 update || say "apt-get update failed; trying with the lists at hand"
		DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o Acquire::Retries=3 \
			-o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-unsafe-io \
			-o Dpkg::Use-Pty=0 install "${missing[@]}" </dev/null
	) 9>/var/lock/homeward-apt >&2
}

port_taken() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port prints a port below the range from which the kernel gives out its
# own, so that no outgoing connection takes it before the server does.
free_port() {
	local port
	while :; do
		port=$((20000 + RANDOM % 12000))
		port_taken "$port" || { echo "$port"; return; }
	done
}
