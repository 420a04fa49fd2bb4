# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of heketi's host, and heketi's variables of a storage node. PRIVATE to the collection."""

from ansible_collections.brickwork.gluster.plugins.module_utils import grammar
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.server import KERNEL_MODULES, KEY_TYPES, SOURCES
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.settings import EXECUTORS, VERSIONS
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import (
    PORT,
    SECONDS,
    TEXT,
    Anything,
    Boolean,
    Choice,
    Items,
    Secret,
    Table,
    Text,
    Variable,
    Whole,
    Zone,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.records import HEKETI_DISK, TAGS

#: Anything shorter can be guessed.
SHORTEST_KEY = 16

#: Of a storage node, for heketi.
HEKETI_NODE = (
    Variable(
        "heketi_devices",
        Items(HEKETI_DISK),
        "Disks for heketi, as C(gluster_devices), each with C(tags). A disk that heketi has can not hold bricks of "
        "C(gluster_volumes), so these disks have to be named where C(gluster_volumes) uses C(gluster_devices).",
        otherwise="`gluster_devices`",
    ),
    Variable(
        "heketi_manage",
        Text(grammar.address),
        "The address by which heketi reaches the node over ssh.",
        otherwise="`gluster_address`",
    ),
    Variable(
        "heketi_zone",
        Zone(),
        "heketi numbers its zones, and can not change that of a node. Set it where C(gluster_zone) does not end with a "
        "number.",
        otherwise="the number that `gluster_zone` ends with (`rack2`: 2)",
    ),
    Variable(
        "heketi_tags",
        TAGS,
        "heketi's tags of the node: names and values. A node in the zone V(arbiter) gets V(arbiter: required) by "
        "itself.",
        default={},
    ),
)

_SOFTWARE = (
    Variable(
        "heketi_version",
        Choice(VERSIONS, "int"),
        "The version that is installed: V(9) or V(10). Options and commands differ.",
        default=10,
    ),
    Variable(
        "heketi_source",
        Choice(SOURCES),
        "Where the software comes from. V(binary): one program. V(tarball): one of heketi's releases. V(rpm_folder): a "
        "folder of RPMs. V(repository): packages of a repository that the host knows already. V(preinstalled): nothing "
        "is installed, and O(heketi_program) names the program.",
        default="preinstalled",
    ),
    Variable(
        "heketi_file",
        TEXT,
        "For the sources V(binary) and V(tarball), the file on the controller, or its address (http or https): the "
        "server's program, or the tarball of heketi's release.",
        default="",
    ),
    Variable("heketi_checksum", TEXT, "sha256 of O(heketi_file). Nothing is installed without it.", default=""),
    Variable(
        "heketi_client_file",
        TEXT,
        "For the source V(binary), the program C(heketi-cli): a file on the controller, or its address. This "
        "collection does not need it.",
        default="",
    ),
    Variable("heketi_client_checksum", TEXT, "sha256 of O(heketi_client_file).", default=""),
    Variable(
        "heketi_rpm_folder",
        TEXT,
        "For the source V(rpm_folder), the folder of the RPMs on the controller, or its address (http or https).",
        default="",
    ),
    Variable(
        "heketi_rpm_folder_on_node",
        Boolean(),
        "Whether the folder of the RPMs is on heketi's host.",
        default=False,
    ),
    Variable(
        "heketi_rpm_files",
        Items(Text(grammar.rpm_file, False)),
        "Names of the RPMs, for an address that shows no index page.",
        default=[],
    ),
    Variable(
        "heketi_rpm_checksums",
        TEXT,
        "File on the controller with the sha256 of every RPM, as C(sha256sum) writes it. Not checked if empty.",
        default="",
    ),
    Variable(
        "heketi_rpm_gpg_key",
        TEXT,
        "File on the controller with the public key that signs the RPMs. Not checked if empty.",
        default="",
    ),
    Variable(
        "heketi_program",
        Text(grammar.unit_path, argument_type="path"),
        "The server's program on heketi's host.",
        otherwise="where `heketi_source` puts it",
    ),
)

_SERVICE = (
    Variable(
        "heketi_address",
        Text(grammar.address),
        "Address of heketi's host: others reach heketi there, and heketi connects to the nodes from there.",
        otherwise="`gluster_address`",
    ),
    Variable("heketi_port", PORT, "Port of heketi's REST interface.", default=8080),
    Variable(
        "heketi_url",
        Text(grammar.url),
        "Address by which the modules reach heketi. With TLS, write the name that is in the certificate.",
        otherwise="made of `heketi_address` and `heketi_port`",
    ),
    Variable(
        "heketi_network",
        Text(grammar.network),
        "The only network to which the port is opened.",
        otherwise="every network",
    ),
    Variable(
        "heketi_admin_key",
        Secret(SHORTEST_KEY),
        "Key of heketi's user C(admin), at least 16 characters. Needed; keep it in a vault.",
        default="",
    ),
    Variable(
        "heketi_user_key",
        Secret(SHORTEST_KEY),
        "Key of heketi's user C(user), at least 16 characters. Needed, and different from O(heketi_admin_key).",
        default="",
    ),
    Variable(
        "heketi_executor",
        Choice(EXECUTORS),
        "V(ssh): heketi runs its commands on the nodes. V(mock): heketi stores nothing and answers every request with "
        "success; the run says so at its end.",
        default="ssh",
    ),
    Variable(
        "heketi_options",
        Table(grammar.option_name, Anything("raw")),
        "Options of C(heketi.json) by heketi's own names, and those that heketi reads from its environment. They are "
        "checked against O(heketi_version).",
        default={},
    ),
    Variable(
        "heketi_data_folder",
        Text(grammar.unit_path, False, argument_type="path"),
        "Where heketi keeps its database. It has to be on a local disk.",
        default="/var/lib/heketi",
    ),
    Variable(
        "heketi_ssh_user",
        Text(grammar.account, False),
        "Account on the nodes that heketi logs in to. V(root) is not limited; another account may run heketi's "
        "commands only.",
        default="heketi-ssh",
    ),
    Variable("heketi_ssh_port", PORT, "Port of sshd on the nodes.", default=22),
    Variable(
        "heketi_ssh_from",
        Items(Text(grammar.address_pattern, False)),
        "Addresses from which the nodes accept heketi's key.",
        otherwise="`heketi_address`",
    ),
    Variable(
        "heketi_key_type",
        Choice(KEY_TYPES),
        "Type of heketi's ssh key: V(ed25519) or V(ecdsa). heketi's ssh library can not offer RSA keys in a way that "
        "today's sshd accepts.",
        default="ed25519",
    ),
    Variable(
        "heketi_kernel_modules",
        Items(Choice(KERNEL_MODULES)),
        "Kernel modules to load on the nodes: V(dm_thin_pool), V(dm_snapshot) and V(dm_mirror).",
        default=["dm_thin_pool"],
    ),
    Variable(
        "heketi_tls_certificate",
        TEXT,
        "File on the controller with the certificate (PEM) for heketi's port. The port is not encrypted without it.",
        default="",
    ),
    Variable(
        "heketi_tls_private_key",
        TEXT,
        "File on the controller with the private key of the certificate.",
        default="",
    ),
    Variable(
        "heketi_tls_authority",
        TEXT,
        "File on the controller with the authority that signed the certificate. The certificate itself if empty.",
        default="",
    ),
    Variable(
        "heketi_firewall",
        Boolean(),
        "Whether the port is opened in firewalld, ufw or nftables. Nothing is opened where none of them runs.",
        default=True,
    ),
)

_TOPOLOGY = (
    Variable(
        "heketi_topology_load",
        Boolean(),
        "Whether the topology is loaded: the storage nodes of the inventory and their disks.",
        default=True,
    ),
    Variable(
        "heketi_topology_file",
        TEXT,
        "File on the controller in the form of heketi's C(topology.json), which is loaded instead of the inventory's "
        "nodes.",
        default="",
    ),
    Variable(
        "heketi_topology_timeout",
        SECONDS,
        "How long the setup of a device may take, and how long to wait until heketi works on no request before it is "
        "restarted.",
        default=600,
        unit="seconds",
    ),
    Variable(
        "heketi_test_volume",
        Boolean(),
        "Whether a volume of 1 GiB is created and deleted at the end, as a test.",
        default=False,
    ),
)

_BACKUP = (
    Variable(
        "heketi_backup",
        Boolean(),
        "Whether copies of the database are kept. V(false) stops that and keeps the copies that exist.",
        default=True,
    ),
    Variable(
        "heketi_backup_folder",
        Text(grammar.unit_path, False, argument_type="path"),
        "Folder of the copies on heketi's host.",
        default="/var/lib/heketi/backup",
    ),
    Variable("heketi_backup_keep", Whole(1, 10_000), "How many copies are kept.", default=14),
    Variable(
        "heketi_backup_schedule",
        Text(grammar.schedule, False),
        "When a copy is made, in the form of systemd's C(OnCalendar).",
        default="daily",
    ),
    Variable("heketi_timeout", SECONDS, "How long to wait until heketi answers.", default=60, unit="seconds"),
)

#: For the playbook heketi_restore; no entry point of the role that people call takes them.
_RESTORE = (
    Variable("heketi_restore_from", TEXT, "For C(heketi_restore): the copy of the database to restore."),
    Variable(
        "heketi_restore_unknown_volumes",
        Items(Text(grammar.present_name, False)),
        "For C(heketi_restore): names of the volumes of GlusterFS that L(heketi may "
        "forget,docs/heketi.md#copies-of-the-database).",
        default=[],
    ),
)

#: Of the host of heketi: the role heketi.
HEKETI_ROLE = _SOFTWARE + _SERVICE + _TOPOLOGY + _BACKUP
HEKETI = HEKETI_ROLE + _RESTORE
