# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every variable of every group: what it may be. PRIVATE to the collection.

Whoever adds a variable adds it here; tests/unit/plugins/plugin_utils/inventory/test_schema.py compares this with the
roles' argument_specs.
"""

from dataclasses import dataclass

from ansible_collections.brickwork.gluster.plugins.module_utils import grammar
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import LAST_PORT, LOWEST_PORT
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.names import common_name
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.server import KERNEL_MODULES, KEY_TYPES, SOURCES
from ansible_collections.brickwork.gluster.plugins.plugin_utils.heketi.settings import EXECUTORS, VERSIONS
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import (
    Anything,
    Boolean,
    Choice,
    Decimal,
    Items,
    Key,
    Kind,
    MountOptions,
    Record,
    Secret,
    Table,
    Text,
    Version,
    Whole,
    Zone,
    volume_options,
)
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.records import (
    DISK,
    HEKETI_DISK,
    TAGS,
    VOLUME,
)

_DAY = 24 * 60 * 60
#: Anything shorter can be guessed.
SHORTEST_KEY = 16


@dataclass(frozen=True)
class Variable:
    """A variable of the inventory; required where every host of the group needs it."""

    name: str
    kind: Kind
    required: bool = False


_text = Text()
_path = Text(grammar.absolute_path)
_word = Text(grammar.word)
_seconds = Whole(1, 7 * _DAY)
_port = Whole(1, LAST_PORT)
_brick_port = Whole(LOWEST_PORT, LAST_PORT)


def _named(prefix: str, kinds: dict[str, Kind]) -> tuple[Variable, ...]:
    return tuple(Variable(prefix + name, kind) for name, kind in kinds.items())


#: Of the whole cluster: the same on every host.
CLUSTER = _named(
    "gluster_",
    {
        "cluster_name": _text,
        "zone_policy": Choice(("strict", "preferred")),
        "root": Text(grammar.mount_point, False),
        "plan_mount_options": MountOptions(grammar.mount_options),
        "volumes": Items(VOLUME),
    },
)

#: Of a storage node.
NODE = (
    Variable("gluster_address", Text(grammar.address, False), required=True),
    Variable("gluster_zone", Zone()),
    Variable("gluster_devices", Items(DISK)),
    Variable("heketi_devices", Items(HEKETI_DISK)),
    Variable("heketi_manage", Text(grammar.address)),
    Variable("heketi_zone", Zone()),
    Variable("heketi_tags", TAGS),
)

#: Of every machine that gets software of GlusterFS: the role gluster_server.
SERVER = _named(
    "gluster_server_",
    {
        "source": Choice(("distribution", "preinstalled", "repository", "rpm_folder")),
        "version": Version(),
        "repository_url": _word,
        "repository_suite": _word,
        "repository_components": Items(Text(grammar.word, False)),
        "repository_key": _text,
        "repository_unsigned": Boolean(),
        "rpm_folder": _text,
        "rpm_folder_on_node": Boolean(),
        "rpm_files": Items(Text(grammar.rpm_file, False)),
        "rpm_checksums": _text,
        "rpm_gpg_key": _text,
        "rpm_allow_downgrade": Boolean(),
        "components": Items(Choice(("server", "bricks", "client", "tls", "heketi", "heketi_node"))),
        "working_directory": _path,
        "base_port": _brick_port,
        "max_port": _brick_port,
        "ping_timeout": Whole(0),
        "log_level": Choice(("TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "NONE")),
        "events": Boolean(),
        "python_install": Boolean(),
        "python_folder": _path,
        "firewall": Boolean(),
        "network": Text(grammar.network),
        "tls": Boolean(),
        "tls_name": Text(common_name, False),
        "tls_folder": _text,
        "tls_days": Whole(1, 36500),
        "tls_renew_days": Whole(0, 36500),
        "tls_authority": _text,
        "tls_certificate": _text,
        "tls_private_key": _text,
        "timeout": _seconds,
        "heal_timeout": _seconds,
    },
)

#: Of the host of heketi: the role heketi.
HEKETI = _named(
    "heketi_",
    {
        "version": Choice(VERSIONS, "int"),
        "source": Choice(SOURCES),
        "file": _text,
        "checksum": _text,
        "client_file": _text,
        "client_checksum": _text,
        "rpm_folder": _text,
        "rpm_folder_on_node": Boolean(),
        "rpm_files": Items(Text(grammar.rpm_file, False)),
        "rpm_checksums": _text,
        "rpm_gpg_key": _text,
        "program": Text(grammar.unit_path),
        "address": Text(grammar.address),
        "port": _port,
        "url": Text(grammar.url),
        "network": Text(grammar.network),
        "admin_key": Secret(SHORTEST_KEY),
        "user_key": Secret(SHORTEST_KEY),
        "executor": Choice(EXECUTORS),
        "options": Table(grammar.option_name, Anything()),
        "data_folder": Text(grammar.unit_path, False),
        "ssh_user": Text(grammar.account, False),
        "ssh_port": _port,
        "ssh_from": Items(Text(grammar.address_pattern, False)),
        "key_type": Choice(KEY_TYPES),
        "kernel_modules": Items(Choice(KERNEL_MODULES)),
        "tls_certificate": _text,
        "tls_private_key": _text,
        "tls_authority": _text,
        "firewall": Boolean(),
        "topology_load": Boolean(),
        "topology_file": _text,
        "topology_timeout": _seconds,
        "test_volume": Boolean(),
        "backup": Boolean(),
        "backup_folder": Text(grammar.unit_path, False),
        "backup_keep": Whole(1, 10_000),
        "backup_schedule": Text(grammar.schedule, False),
        "timeout": _seconds,
        "restore_from": _text,
        "restore_unknown_volumes": Items(Text(grammar.present_name, False)),
    },
)

_CLASS = Record(
    keys=(
        Key("name", _text, required=True),
        Key("default", Boolean()),
        Key("reclaim_policy", Choice(("Delete", "Retain"))),
        Key("mount_options", Items(Text(grammar.mount_options, False))),
        Key("allow_expansion", Boolean()),
        Key("resturl", Text(grammar.url)),
        Key("restauthenabled", Boolean()),
        Key("restuser", _text),
        Key("secret_name", _text),
        Key("secret_namespace", _text),
        Key("clusterid", Anything("raw")),
        Key("gid_min", Whole()),
        Key("gid_max", Whole()),
        Key("volumetype", _text),
        Key("volumeoptions", volume_options()),
        Key("volumenameprefix", _text),
        Key("snapfactor", Decimal(1, 100)),
        Key("customepnameprefix", _text),
    ),
    example="a class, such as name: gluster",
)
_OFFERED = Record(
    keys=(
        Key("name", _text, required=True),
        Key("path", Text(grammar.mount_point, False), required=True),
        Key("size", _text, required=True),
        Key("mode", _text),
        Key("class", _text),
        Key("claim", Table(grammar.word, _text)),
    ),
    example="a folder, such as {name: photos, path: /mnt/shared/photos, size: 10Gi}",
)

#: Of the nodes of Kubernetes: the role gluster_storageclass.
STORAGECLASS = _named(
    "gluster_storageclass_",
    {
        "way": Choice(("auto", "heketi", "mounted")),
        "classes": Items(_CLASS),
        "volumes": Items(_OFFERED),
        "resturl": Text(grammar.url),
        "key": Secret(),
        "secret_name": _text,
        "namespace": _text,
        "servers": Items(_text),
        "nodes": Items(_text),
        "node": _text,
        "kubeconfig": _text,
        "context": _text,
        "force_conflicts": Boolean(),
        "version": Version(),
        "manifests_only": _text,
        "path": _path,
        "provisioner": _word,
        "provisioner_namespace": _text,
        "provisioner_image": _word,
        "pod_image": _word,
        "registry": _word,
        "timeout": _seconds,
        "test": Boolean(),
        "test_pods": Boolean(),
        "test_keep": Boolean(),
        "test_timeout": _seconds,
        "test_namespace": _text,
        "test_size": _text,
    },
)

#: For the playbook teardown.
TEARDOWN = _named(
    "gluster_teardown_",
    {
        "confirm": _text,
        "volumes": Items(Text(grammar.present_name, False)),
        "destroy_data": Boolean(),
        "peers": Items(Text(grammar.address, False)),
        "bricks": Items(Text(grammar.host_and_brick, False)),
    },
)

#: What is read of the hosts of each group.
GROUPS = {
    "gluster_servers": CLUSTER + NODE + SERVER + TEARDOWN,
    "gluster_clients": CLUSTER + SERVER + TEARDOWN,
    "heketi": HEKETI + SERVER,
    "kubernetes": STORAGECLASS,
}
