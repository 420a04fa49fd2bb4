# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of every machine that gets software of GlusterFS. PRIVATE to the collection."""

from ansible_collections.brickwork.gluster.plugins.module_utils import grammar
from ansible_collections.brickwork.gluster.plugins.module_utils.daemon.settings import LAST_PORT, LOWEST_PORT
from ansible_collections.brickwork.gluster.plugins.module_utils.tls.names import common_name
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import (
    FILE,
    PATH,
    SECONDS,
    TEXT,
    WORD,
    Anything,
    Boolean,
    Choice,
    Items,
    Table,
    Text,
    Variable,
    Version,
    Whole,
)

_BRICK_PORT = Whole(LOWEST_PORT, LAST_PORT)
_DAYS_AT_MOST = 36_500
_COMPONENTS = ("server", "bricks", "client", "tls", "heketi", "heketi_node")

_SOURCE = (
    Variable(
        "gluster_server_source",
        Choice(("distribution", "preinstalled", "repository", "rpm_folder")),
        "Where the software comes from. V(distribution): what the distribution ships. V(repository): a repository by "
        "its URL, or one that is configured already; the version is pinned and held. V(rpm_folder): a folder of RPMs. "
        "V(preinstalled): nothing is installed, and what is there is checked.",
        default="distribution",
    ),
    Variable(
        "gluster_server_version",
        Version(),
        "The version of GlusterFS, or its beginning, in quotes, such as V('10') or V('7.5'). A node with another "
        "version is refused before the first change; the playbook upgrade takes all of them there.",
        otherwise="any",
    ),
    Variable(
        "gluster_server_repository_url",
        WORD,
        "Base URL of the repository, for O(gluster_server_source=repository).",
        otherwise="configured already",
    ),
    Variable(
        "gluster_server_repository_suite",
        WORD,
        "The suite, for apt; V(./) for a repository without suites.",
        otherwise="the node's release",
    ),
    Variable(
        "gluster_server_repository_components",
        Items(Text(grammar.word, False)),
        "The components, for apt; an empty list for a repository without suites.",
        default=["main"],
    ),
    Variable(
        "gluster_server_repository_key",
        FILE,
        "File on the controller with the public key that signs the repository (apt, armored) or its packages (yum, "
        "dnf).",
        otherwise="none",
    ),
    Variable(
        "gluster_server_repository_unsigned",
        Boolean(),
        "Whether the repository is used without any signature.",
        default=False,
    ),
    Variable(
        "gluster_server_rpm_folder",
        TEXT,
        "For O(gluster_server_source=rpm_folder), the folder of the RPMs on the controller, or its address (http or "
        "https). M(brickwork.gluster.rpm_folder) documents what is read and installed.",
    ),
    Variable(
        "gluster_server_rpm_folder_on_node",
        Boolean(),
        "Whether the folder of the RPMs is on the node.",
        default=False,
    ),
    Variable(
        "gluster_server_rpm_files",
        Items(Text(grammar.rpm_file, False)),
        "Names of the RPMs, for an address that shows no index page.",
        default=[],
    ),
    Variable(
        "gluster_server_rpm_checksums",
        TEXT,
        "File on the controller with the sha256 of every RPM, as C(sha256sum) writes it. Not checked if empty.",
        default="",
    ),
    Variable(
        "gluster_server_rpm_gpg_key",
        TEXT,
        "File on the controller with the public key that signs the RPMs. Not checked if empty.",
        default="",
    ),
    Variable(
        "gluster_server_rpm_allow_downgrade",
        Boolean(),
        "Whether a node with a newer GlusterFS gets the older version of the folder. Such a node is refused otherwise.",
        default=False,
    ),
    Variable(
        "gluster_server_components",
        Items(Choice(_COMPONENTS)),
        "What to install. Other roles have their software installed by this one.",
        default=["server"],
    ),
)

_GLUSTERD = (
    Variable(
        "gluster_server_working_directory",
        PATH,
        "Where glusterd keeps its pool and volumes.",
        otherwise="the package's",
    ),
    Variable(
        "gluster_server_base_port",
        _BRICK_PORT,
        "First port for bricks; each brick takes one. Below GlusterFS 10, glusterd finds a brick only within the "
        "range: when the range changes, bricks outside of it are restarted, one node after the other with healing "
        "between. A volume that does not serve during that time refuses the change. From GlusterFS 10 on, running "
        "bricks keep their ports.",
        otherwise="the package's: 49152",
    ),
    Variable(
        "gluster_server_max_port",
        _BRICK_PORT,
        "Last port for bricks.",
        otherwise="the package's: 60999",
    ),
    Variable(
        "gluster_server_ping_timeout",
        Whole(0),
        "How long a peer may be silent before glusterd regards it as gone. The package's own value V(0) means never: a "
        "node that vanished in the middle of a command then blocked every change for more than five minutes, with "
        "V(30) for 38 seconds. V(0) restores the package's behaviour.",
        default=30,
        unit="seconds",
    ),
    Variable(
        "gluster_server_log_level",
        Choice(("TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "NONE")),
        "What glusterd writes to its log.",
        otherwise="the package's: `INFO`",
    ),
    Variable(
        "gluster_server_events",
        Boolean(),
        "V(true) starts glustereventsd, V(false) stops it.",
        otherwise="left alone",
    ),
)

BOOTSTRAP = (
    Variable(
        "gluster_server_python_install",
        Boolean(),
        "Whether the entry point C(bootstrap) installs python3 where it is missing. V(false): it only reports that.",
        default=True,
    ),
    Variable(
        "gluster_server_python_folder",
        PATH,
        "Folder on the node with the RPMs of python3, for nodes that have neither python3 nor a repository. Nothing "
        "else is installed from there.",
        otherwise="none",
    ),
)

_FIREWALL = (
    Variable(
        "gluster_server_firewall",
        Boolean(),
        "Whether the ports are opened in firewalld, ufw or nftables. Nothing is opened where none of them runs.",
        default=True,
    ),
    Variable(
        "gluster_server_network",
        Text(grammar.network),
        "The only network to which the ports are opened, such as V(192.168.72.0/24).",
        otherwise="every network",
    ),
)

TLS = (
    Variable(
        "gluster_server_tls",
        Boolean(),
        "Whether the connections of glusterd, bricks and clients are L(encrypted,docs/encryption.md). The same for all "
        "machines of a cluster.",
        default=False,
    ),
    Variable(
        "gluster_server_tls_name",
        Text(common_name, False),
        "The machine's common name in its certificate.",
        otherwise="the host's name in the inventory",
    ),
    Variable(
        "gluster_server_tls_folder",
        FILE,
        "Folder on the controller with the authority that signs the certificates, C(ca.key) and C(ca.pem). They are "
        "made where they are missing.",
        otherwise="`tls` beside the inventory",
    ),
    Variable(
        "gluster_server_tls_days",
        Whole(1, _DAYS_AT_MOST),
        "How long a certificate is valid.",
        default=730,
        unit="days",
    ),
    Variable(
        "gluster_server_tls_renew_days",
        Whole(0, _DAYS_AT_MOST),
        "How long before its end a certificate is renewed.",
        default=90,
        unit="days",
    ),
    Variable(
        "gluster_server_tls_authority",
        TEXT,
        "File on the controller with the authorities that all machines trust, for certificates that are signed "
        "elsewhere. O(gluster_server_tls_certificate) and O(gluster_server_tls_private_key) are needed with it.",
        default="",
    ),
    Variable(
        "gluster_server_tls_certificate",
        TEXT,
        "File on the controller with this machine's certificate.",
        default="",
    ),
    Variable(
        "gluster_server_tls_private_key",
        TEXT,
        "File on the controller with this machine's private key, which ansible-vault may have encrypted.",
        default="",
    ),
)

_WAITS = (
    Variable(
        "gluster_server_heal_timeout",
        SECONDS,
        "How long to wait until bricks that were restarted for a new certificate are healed.",
        default=600,
        unit="seconds",
    ),
    Variable(
        "gluster_server_timeout",
        SECONDS,
        "How long to wait until the pool is whole, before glusterd of a node is restarted and after it.",
        default=60,
        unit="seconds",
    ),
)

#: Of every machine that gets software of GlusterFS: the role gluster_software.
SOFTWARE = _SOURCE + BOOTSTRAP
_OFFERS = (
    Variable(
        "gluster_server_look_offers",
        Boolean(),
        "Whether the entry point C(offers) asks the machine's sources for the versions that they have.",
        default=True,
    ),
)
#: What a machine is offered by its sources.
OFFERS = _OFFERS + SOFTWARE
#: What the look says that it is to be done depends on these, too. No inventory has the first ones.
LOOK = (
    Variable(
        "gluster_server_look_upgrade",
        Boolean(),
        "Whether the entry point C(look) says which version there is for the machine, and which mounts an older one "
        "serves.",
        default=False,
    ),
    *_OFFERS,
    Variable(
        "gluster_server_look_plans",
        Boolean(),
        "Whether the entry point C(look) says as well what is to be done to packages, certificates, glusterd and the "
        "firewall.",
        default=True,
    ),
    Variable(
        "gluster_server_look_managed",
        Table(grammar.option_name, Anything("raw")),
        "What the entry point C(look) has looked at for another role, as the option C(managed) of "
        "M(brickwork.gluster.gluster_node_info).",
        default={},
    ),
    Variable(
        "gluster_server_look_components",
        Items(Choice(_COMPONENTS)),
        "Of which components that role installs the packages, as in O(gluster_server_components).",
        default=[],
    ),
    *SOFTWARE,
    *_GLUSTERD,
    *_FIREWALL,
    *(variable for variable in TLS if variable.name != "gluster_server_tls_days"),
)
#: Of the machines with glusterd: the role gluster_server.
GLUSTERD = _GLUSTERD + _FIREWALL + TLS + _WAITS
SERVER = _SOURCE + _GLUSTERD + BOOTSTRAP + _FIREWALL + TLS + _WAITS
