# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the nodes of Kubernetes. PRIVATE to the collection."""

from ansible_collections.brickwork.gluster.plugins.module_utils import grammar
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.kinds import (
    SECONDS,
    TEXT,
    WORD,
    Anything,
    Boolean,
    Choice,
    Decimal,
    Items,
    Key,
    Record,
    Secret,
    Table,
    Text,
    Variable,
    Version,
    Whole,
    volume_options,
)

_CLASS = Record(
    keys=(
        Key("name", TEXT, "Name of the class.", required=True),
        Key("default", Boolean(), "Whether claims that name no class get this one.", default=False),
        Key(
            "reclaim_policy",
            Choice(("Delete", "Retain")),
            "What becomes of the volume of a deleted claim: V(Delete) or V(Retain).",
            default="Delete",
        ),
        Key(
            "mount_options",
            Items(Text(grammar.mount_options, False)),
            "Options with which the nodes of Kubernetes mount.",
            default=[],
        ),
        Key(
            "allow_expansion",
            Boolean(),
            "Whether claims can grow. Folders have no size that could grow.",
            otherwise="`true` with heketi",
        ),
        Key(
            "resturl",
            Text(grammar.url),
            "Address of heketi. This key and all that follow are for heketi only.",
            otherwise="`gluster_storageclass_resturl`",
        ),
        Key("restauthenabled", Boolean(), "Whether heketi asks for a key.", default=True),
        Key(
            "restuser",
            TEXT,
            "V(admin), or left out. Each attempt of Kubernetes with another user would leave a volume behind.",
            otherwise="`admin`",
        ),
        Key("secret_name", TEXT, "The Secret with the key.", otherwise="`gluster_storageclass_secret_name`"),
        Key("secret_namespace", TEXT, "Namespace of the Secret.", otherwise="`gluster_storageclass_namespace`"),
        Key(
            "clusterid",
            Anything("raw"),
            "Ids of the only clusters of heketi that volumes may be in: a list, or a text with commas.",
            otherwise="any",
        ),
        Key(
            "gid_min",
            Whole(),
            "Lowest group id that a volume may get. Each volume gets one of its own.",
            otherwise="2000",
        ),
        Key("gid_max", Whole(), "Highest group id that a volume may get.", otherwise="2147483647"),
        Key(
            "volumetype",
            TEXT,
            "V(replicate:N), V(disperse:DATA:REDUNDANCY) or V(none).",
            otherwise="`replicate:3`",
        ),
        Key("volumeoptions", volume_options(), "Options of the volumes, by GlusterFS's names."),
        Key("volumenameprefix", TEXT, "Beginning of the volumes' names, without V(_)."),
        Key(
            "snapfactor",
            Decimal(1, 100),
            "Space that a volume takes for snapshots, as a multiple of its size.",
            otherwise="1",
        ),
        Key("customepnameprefix", TEXT, "Beginning of the names of Endpoints and Services."),
    ),
    example="a class, such as name: gluster",
)
_OFFERED = Record(
    keys=(
        Key("name", TEXT, "Name of the PersistentVolume.", required=True),
        Key(
            "path",
            Text(grammar.mount_point, False, argument_type="path"),
            "The folder, below the mount point of a volume, the same on all nodes. It is made if it is missing.",
            required=True,
        ),
        Key("size", TEXT, "The size that claims see, such as V(10Gi). Nothing enforces it.", required=True),
        Key("mode", TEXT, "Mode of a folder that is made.", default="0777"),
        Key("class", TEXT, "The class that its claim names.", default=""),
        Key(
            "claim",
            Table(grammar.word, TEXT),
            "The only claim that may have it: C(name) and C(namespace) (V(default) if left out).",
        ),
    ),
    example="a folder, such as {name: photos, path: /mnt/shared/photos, size: 10Gi}",
)

_OFFER = (
    Variable(
        "gluster_storageclass_way",
        Choice(("auto", "heketi", "mounted")),
        "V(heketi): the driver of Kubernetes up to 1.25. V(mounted): folders of volumes that are mounted on the nodes. "
        "V(auto): the way that the version of Kubernetes has, heketi where it has both.",
        default="auto",
    ),
    Variable(
        "gluster_storageclass_classes",
        Items(_CLASS),
        "The storage classes. A class that is not in the list stays as it is.",
        default=[],
    ),
    Variable(
        "gluster_storageclass_volumes",
        Items(_OFFERED),
        "Folders of mounted volumes, each offered as a PersistentVolume. For V(mounted).",
        default=[],
    ),
    Variable(
        "gluster_storageclass_resturl",
        Text(grammar.url),
        "Address of heketi as the controllers of Kubernetes reach it, such as V(http://192.168.72.100:8080).",
        otherwise="that of the group `heketi`",
    ),
    Variable(
        "gluster_storageclass_key",
        Secret(),
        "Key of heketi's user C(admin). Keep it in a vault.",
        otherwise="`heketi_admin_key`",
    ),
    Variable("gluster_storageclass_secret_name", TEXT, "The Secret that holds the key.", default="heketi-secret"),
    Variable(
        "gluster_storageclass_namespace",
        TEXT,
        "Namespace of the Secret. It has to exist.",
        default="default",
    ),
    Variable(
        "gluster_storageclass_servers",
        Items(TEXT),
        "Names of the storage nodes in the inventory. With heketi, their C(gluster_address) has to be an IP address.",
        otherwise="the group `gluster_servers`",
    ),
    Variable(
        "gluster_storageclass_nodes",
        Items(TEXT),
        "Names of the nodes of Kubernetes in the inventory.",
        otherwise="the group `kubernetes`",
    ),
)

_API = (
    Variable(
        "gluster_storageclass_node",
        TEXT,
        "Machine that talks to the API. It needs the Python package C(kubernetes).",
        default="localhost",
    ),
    Variable(
        "gluster_storageclass_kubeconfig",
        TEXT,
        "Kubeconfig file on that machine. The one that kubectl would use if empty.",
        default="",
    ),
    Variable(
        "gluster_storageclass_context",
        TEXT,
        "Context in the kubeconfig file. The current one if empty.",
        default="",
    ),
    Variable(
        "gluster_storageclass_force_conflicts",
        Boolean(),
        "Whether fields are taken over that another program (kubectl, Helm) has set to another value.",
        default=False,
    ),
    Variable(
        "gluster_storageclass_version",
        Version(),
        "The version of Kubernetes in quotes, such as V('1.25'). The API is asked if empty.",
        default="",
    ),
    Variable(
        "gluster_storageclass_manifests_only",
        TEXT,
        "Folder on the controller into which the manifests are written, for others to apply. Nothing else is done "
        "then.",
        default="",
    ),
)

_FOLDERS = (
    Variable(
        "gluster_storageclass_path",
        Text(grammar.absolute_path),
        "For V(mounted), the folder in which each claim gets its own, below a mount point, the same on all nodes.",
        default="",
    ),
    Variable(
        "gluster_storageclass_provisioner",
        WORD,
        "Name by which the classes know the provisioner of folders.",
        default="brickwork.gluster/shared",
    ),
    Variable(
        "gluster_storageclass_provisioner_namespace",
        TEXT,
        "Namespace of the provisioner of folders.",
        default="brickwork-shared",
    ),
    Variable(
        "gluster_storageclass_provisioner_image",
        WORD,
        "Image of local-path-provisioner, which makes the folders.",
        default="rancher/local-path-provisioner:v0.0.30",
    ),
    Variable(
        "gluster_storageclass_pod_image",
        WORD,
        "Image with a shell, for the provisioner's helper pods and the test pods.",
        default="busybox:1.36",
    ),
    Variable(
        "gluster_storageclass_registry",
        WORD,
        "Registry, and folder in it, from which both images come, in a closed network. That of the nodes' "
        "configuration if empty.",
        default="",
    ),
    Variable(
        "gluster_storageclass_timeout",
        SECONDS,
        "How long to wait for the provisioner, and until the test is removed.",
        default=120,
        unit="seconds",
    ),
)

_TEST = (
    Variable(
        "gluster_storageclass_test",
        Boolean(),
        "Whether a claim of each class is tested.",
        default=False,
    ),
    Variable(
        "gluster_storageclass_test_pods",
        Boolean(),
        "Whether two pods on each claim test that they see each other's files.",
        default=True,
    ),
    Variable(
        "gluster_storageclass_test_keep",
        Boolean(),
        "Whether the claims and pods of the test stay.",
        default=False,
    ),
    Variable(
        "gluster_storageclass_test_timeout",
        SECONDS,
        "How long to wait for the claims, and once more for the pods.",
        default=120,
        unit="seconds",
    ),
    Variable(
        "gluster_storageclass_test_namespace",
        TEXT,
        "Namespace of the test. It has to exist.",
        default="default",
    ),
    Variable("gluster_storageclass_test_size", TEXT, "Size that each claim of the test asks for.", default="1Gi"),
)

#: Of the nodes of Kubernetes: the role gluster_storageclass.
STORAGECLASS = _OFFER + _API + _FOLDERS + _TEST
