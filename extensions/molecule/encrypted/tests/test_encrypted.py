# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pool that encrypts: who comes in, who does not, and new certificates while a client writes."""

FOLDER = "/usr/lib/ssl"
SHOW = f"openssl x509 -in {FOLDER}/glusterfs.pem -noout"
#: What answers on a port of node1, and whether its certificate is one of the pool's authority.
HANDSHAKE = (
    "openssl s_client -connect 192.168.72.101:%s -verify_return_error -CAfile /usr/lib/ssl/glusterfs.ca"
    " -cert /usr/lib/ssl/glusterfs.pem -key /usr/lib/ssl/glusterfs.key </dev/null 2>/dev/null"
)
#: A client that writes and reads what it wrote; whatever fails is noted.
WRITER = (
    "systemd-run -q --unit=writer sh -c 'while sleep 0.1; do f=/mnt/shared/$(date +%N);"
    " dd if=/dev/zero of=$f bs=4k count=1 conv=fsync status=none && test $(stat -c %s $f) = 4096"
    " || echo failed >> /root/failed; done'"
)
#: Processes of glusterd's unit that run for longer than so many seconds, by their command lines.
OLDER = """python3 -c '
uptime = float(open("/proc/uptime").read().split()[0])
for pid in open("/sys/fs/cgroup/system.slice/glusterd.service/cgroup.procs").read().split():
    started = int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[19]) / 100
    if uptime - started > %s:
        print(open(f"/proc/{pid}/cmdline").read().replace(chr(0), " "))
'"""
#: Within 200 days a certificate of 120 days is due, and one of 300 is not. Healing that hangs is told before the
#: playbook's own time is up.
RENEWAL = {"gluster_server_tls_renew_days": 200, "gluster_server_tls_days": 300, "gluster_server_heal_timeout": 240}


def mount(lab, guest, volume):
    """Whether a machine can mount a volume."""
    command = f"mkdir -p /mnt/tried && timeout 60 mount -t glusterfs 192.168.72.101:/{volume} /mnt/tried"
    return lab.succeeds(guest, command) and lab.succeeds(guest, "umount /mnt/tried")


def test_glusterd_and_bricks_encrypt(lab):
    port = lab.run("node1", "ss -Hltnp | grep glusterfsd | grep -oE ':[0-9]+ ' | tr -d ': ' | head -1")
    for listening in ("24007", port):
        assert "subject=CN = node1" in lab.run("client1", HANDSHAKE % listening)
    options = lab.volume("shared")
    assert (options["client.ssl"], options["server.ssl"]) == ("on", "on")
    assert options["auth.ssl-allow"] == "client1,node1,node2,node3"
    assert lab.host("client1").mount_point("/mnt/shared").filesystem == "fuse.glusterfs"


def test_keys_stay_where_they_were_made(lab):
    holders = [*lab.nodes, "client1"]
    assert len({lab.run(guest, f"sha256sum < {FOLDER}/glusterfs.key") for guest in holders}) == len(holders)
    assert {lab.run(guest, f"stat -c %a:%U {FOLDER}/glusterfs.key") for guest in holders} == {"600:root"}
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in (lab.state / "tls").iterdir()} == {
        "ca.key": "0o600",
        "ca.pem": "0o644",
    }


def test_a_certificate_is_for_one_machine_and_for_nothing_else(lab):
    for guest in [*lab.nodes, "client1"]:
        shown = lab.run(guest, SHOW + " -text")
        assert f"Subject: CN = {guest}\n" in shown and "CA:FALSE" in shown and "Certificate Sign" not in shown


def test_who_does_not_come_in(lab):
    """Nobody without a certificate, none that signed its own, and a client of one volume to no other one."""
    lab.run("stranger", "(apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y glusterfs-client) 2>&1")
    assert not mount(lab, "stranger", "shared")
    lab.run(
        "stranger",
        f"cd {FOLDER} && openssl req -x509 -newkey rsa:2048 -nodes -keyout glusterfs.key -out glusterfs.pem -days 9"
        " -subj /CN=client1 2>/dev/null && cp glusterfs.pem glusterfs.ca && mkdir -p /var/lib/glusterd"
        " && touch /var/lib/glusterd/secure-access",
    )
    assert not mount(lab, "stranger", "shared")
    assert not mount(lab, "client1", "scratch")
    assert mount(lab, "client1", "shared")


def test_new_certificates_while_a_client_writes(lab):
    """No write fails, no key changes, and what serves a volume that can do without it reads its new certificate."""
    keys = {node: lab.run(node, f"sha256sum < {FOLDER}/glusterfs.key") for node in lab.nodes}
    ends = {node: lab.run(node, f"{SHOW} -enddate") for node in lab.nodes}
    lab.run("client1", WRITER)
    checked = lab.play("site", RENEWAL, "--check").succeeded()
    assert "Sign the certificate on the controller, and put it in place" in checked.text
    assert {node: lab.run(node, f"{SHOW} -enddate") for node in lab.nodes} == ends
    run = lab.play("site", RENEWAL).succeeded()
    said = run.text[run.text.find("Write glusterd's settings") :]
    assert "192.168.72.101:/srv/gluster/scratch-1/brick" in run.words, said[:6000]
    assert "192.168.72.101:/srv/gluster/shared" not in run.words
    lab.run("client1", "systemctl stop writer; test $(ls /mnt/shared | wc -l) -gt 20; ! cat /root/failed 2>/dev/null")
    assert {node: lab.run(node, f"sha256sum < {FOLDER}/glusterfs.key") for node in lab.nodes} == keys
    for node in lab.nodes:
        assert lab.run(node, f"{SHOW} -enddate") != ends[node]
        changed = int(lab.run(node, f"echo $(($(date +%s) - $(stat -c %Y {FOLDER}/glusterfs.pem)))"))
        old = lab.run(node, OLDER % changed).splitlines()
        assert ["srv-gluster-scratch" in line for line in old] == ([True] if node == "node1" else [])
    lab.play("site", RENEWAL).without_change()


def test_what_would_part_the_pool_is_refused(lab):
    lab.play("plan", {"gluster_server_tls": False}).refused("gluster_server_tls: it is not true", "node1, node2, node3")
    lab.play("plan", {"gluster_server_tls_folder": "/nowhere"}).refused("node1 encrypts already", "/nowhere", "ca.key")
    lab.play("plan", {"gluster_server_tls_certificate": "/nowhere/node1.pem"}).refused(
        "gluster_server_tls_authority, gluster_server_tls_certificate, gluster_server_tls_private_key"
    )
    off = [{"name": "shared", "type": "replicate", "size": "1GiB", "options": {"auth.ssl-allow": "node1,client1"}}]
    lab.play("plan", {"gluster_volumes": off}).refused("auth.ssl-allow of shared lacks the storage nodes node2, node3")


def test_certificates_from_elsewhere(lab):
    """One of the pool's own authority opens the door, also with a key of another kind; a foreign one does not."""
    authority, signer = ((lab.state / "tls" / name).read_text() for name in ("ca.pem", "ca.key"))
    make = (
        "cd /root && openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout own.key -out own.csr"
        " -subj /CN=client1 && openssl x509 -req -in own.csr -CA %s -CAkey %s -set_serial 7 -days 80 -out %s"
    )
    lab.run("stranger", f"cd /root && printf %s '{authority}' > ca.pem && printf %s '{signer}' > ca.key")
    lab.run("stranger", f"({make % ('ca.pem', 'ca.key', 'own.pem')}) 2>&1")
    lab.run("stranger", f"rm {FOLDER}/glusterfs.* /var/lib/glusterd/secure-access")
    key, certificate = (lab.run("stranger", f"cat /root/own.{kind}") for kind in ("key", "pem"))
    given = {"name": "client1", "authority": authority, "certificate": certificate, "private_key": key}
    lab.module("stranger", "gluster_tls", **given)
    assert mount(lab, "stranger", "shared")
    assert "changed: false" in lab.module("stranger", "gluster_tls", **given)

    foreign = "openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 9 -subj /CN=corp"
    lab.run("stranger", f"(cd /root && {foreign} && {make % ('other.pem', 'other.key', 'foreign.pem')}) 2>&1")
    files = {}
    for name, text in (("both.pem", authority + lab.run("stranger", "cat /root/other.pem")),
                       ("foreign.pem", lab.run("stranger", "cat /root/foreign.pem")),
                       ("foreign.key", lab.run("stranger", "cat /root/own.key"))):  # fmt: skip
        files[name] = lab.state / name
        files[name].write_text(text + "\n")
    desired = {
        "gluster_server_tls_authority": str(files["both.pem"]),
        "gluster_server_tls_certificate": str(files["foreign.pem"]),
        "gluster_server_tls_private_key": str(files["foreign.key"]),
    }
    lab.play("site", desired).refused("processes that run do not trust its authority: unable to get local issuer")
