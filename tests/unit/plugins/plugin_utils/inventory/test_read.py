# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The door: what an inventory may say, and the line that each mistake gets."""

import pytest

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import InputError
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.read import read_inventory
from ansible_collections.brickwork.gluster.plugins.plugin_utils.inventory.schema import GROUPS

ADDRESS = {"gluster_address": "10.0.0.1"}
SHARED = {"name": "shared", "type": "replicate", "size": "10GiB"}


def problems(hostvars, **groups):
    """Return the lines that an inventory of these groups gets."""
    groups = groups or {"gluster_servers": list(hostvars)}
    try:
        read_inventory(groups, hostvars)
    except InputError as error:
        return str(error).splitlines()
    return []


def of_server(**variables):
    """Return the lines for one storage node with these variables."""
    return problems({"n1": {**ADDRESS, **variables}})


def of_volume(**keys):
    """Return the lines for one volume with these keys."""
    return problems({"n1": {**ADDRESS, "gluster_volumes": [{**SHARED, **keys}]}, "c1": {}}, gluster_servers=["n1"])


def of_heketi(**variables):
    """Return the lines for a host of heketi with these variables."""
    return problems({"h1": variables}, heketi=["h1"])


def read_one(**variables):
    """Return what is read of one storage node: its own values and those of the cluster."""
    inventory = read_inventory({"gluster_servers": ["n1"]}, {"n1": {**ADDRESS, **variables}})
    return {**inventory.cluster, **inventory.group("gluster_servers")["n1"].values}


def booleans():
    """Return every truth value of every group, as the group and the variable's name."""
    return sorted(
        {
            (group, variable.name)
            for group, variables in GROUPS.items()
            for variable in variables
            if variable.kind.argument_type == "bool"
        }
    )


# ---- A1: truth values


@pytest.mark.parametrize(("group", "name"), booleans())
@pytest.mark.parametrize("text", ["false", "no", "off", "true", 0, 1, "", None])
def test_a_truth_value_is_a_boolean_and_no_text(group, name, text):
    [line] = problems({"n1": {**ADDRESS, name: text}}, **{group: ["n1"]})
    assert line.startswith(f"n1: {name}: ") and "; write " in line
    assert problems({"n1": {**ADDRESS, name: False}}, **{group: ["n1"]}) == []


def test_there_are_truth_values_in_every_role():
    names = {name for _group, name in booleans()}
    assert {"gluster_server_firewall", "gluster_server_tls", "heketi_backup", "gluster_storageclass_test"} <= names


@pytest.mark.parametrize("variable", ["gluster_devices", "heketi_devices"])
def test_a_text_never_gives_leave_to_wipe(variable):
    [line] = of_server(**{variable: [{"path": "/dev/sdb", "overwrite": "false"}]})
    assert line.startswith(f'n1: {variable}: /dev/sdb: overwrite: found "false"; write true or false without quotes')


def test_a_disk_may_be_retired_or_lost_but_not_for_heketi():
    disks = [{"path": "/dev/sdb", "state": "retired"}, {"path": "/dev/sdc", "state": "lost"}]
    assert of_server(gluster_devices=disks) == []
    [line] = of_server(gluster_devices=[{"path": "/dev/sdb", "state": "broken"}])
    assert line.startswith('n1: gluster_devices: /dev/sdb: state: found "broken"; write one of active, retired, lost')
    [line] = of_server(heketi_devices=[{"path": "/dev/sdb", "state": "lost"}])
    assert line.startswith('n1: heketi_devices: /dev/sdb: "state" is unknown')


def test_a_text_starts_no_rebalance():
    [line] = of_volume(rebalance="no")
    assert line.startswith('gluster_volumes: shared: rebalance: found "no"; write true or false without quotes')


# ---- A5: paths and mount options


@pytest.mark.parametrize(
    ("given", "read"),
    [("/srv//data/", "/srv/data"), ("/srv/./data", "/srv/data"), ("/srv/data", "/srv/data")],
)
def test_paths_have_one_form(given, read):
    assert read_one(gluster_root=given)["gluster_root"] == read
    volume = {**SHARED, "clients": [{"path": given}]}
    assert read_one(gluster_volumes=[volume])["gluster_volumes"][0]["clients"][0]["path"] == read


@pytest.mark.parametrize(
    "path", ["/", "//", "srv", "/srv/../etc", "/srv/a b", "/srv/a\n/etc x", "/srv/a\n", "/a\\x", 7]
)
def test_what_is_no_mount_point_is_refused(path):
    [line] = of_server(gluster_root=path)
    assert line.startswith("gluster_root: found ") and "; write " in line
    [line] = of_volume(clients=[{"path": path}])
    assert line.startswith("gluster_volumes: shared: clients: ") and "path: found " in line


@pytest.mark.parametrize("given", ["noatime, inode64", "noatime,inode64", " noatime ,inode64"])
def test_mount_options_have_no_blanks(given):
    assert read_one(gluster_plan_mount_options=given)["gluster_plan_mount_options"] == "noatime,inode64"


@pytest.mark.parametrize("options", ["a b", "ro,,rw", "ro\n/dev/sdb / xfs", "-x", 'a="b', "ro,"])
def test_mount_options_that_would_break_fstab_are_refused(options):
    [line] = of_server(gluster_plan_mount_options=options)
    assert line.startswith("gluster_plan_mount_options: found ")
    [line] = of_volume(clients=[{"path": "/mnt/x", "options": options}])
    assert line.startswith("gluster_volumes: shared: clients: /mnt/x: options: found ")


# ---- A6: names


@pytest.mark.parametrize(
    "name",
    "a_tdata a_tmeta x_cdatay a_cmeta a_rmeta a_rimage a_mlog a_mimage a_pmspare a_cvol a_vdata a_vorigin a_imeta "
    "a_iorig a_corig a_wcorig tdata".split(),
)
def test_names_that_lvm_keeps_for_itself_are_refused(name):
    [line] = of_volume(name=name)
    assert line.startswith(f'gluster_volumes: {name}: name: found "{name}", and LVM keeps names')


@pytest.mark.parametrize("name", ["snapshots", "pvmove", "data", "v" * 90])
def test_names_that_lvm_takes_behind_its_prefix_are_taken(name):
    assert of_volume(name=name) == []


@pytest.mark.parametrize("name", ["v" * 91, "-v", "a.b", "v\n", "v ", "--log-file=x", "", None, 7])
def test_names_that_are_none(name):
    assert len(of_volume(name=name)) == 1


# ---- A7: sizes


@pytest.mark.parametrize("size", [10, "10", 10.5, "1" * 400 + "GiB", "ten", None, True, "-1GiB", "10GiB\n"])
def test_a_size_has_a_unit_and_a_bound(size):
    lines = of_volume(size=size)
    assert len(lines) == (0 if size == "10GiB\n" else 1)


def test_a_size_below_the_least_brick_is_refused():
    [line] = of_volume(size="100MiB")
    assert line == (
        "gluster_volumes: shared: size: found 100 MiB, which makes bricks of 100 MiB, and XFS needs 300 MiB; "
        "write 300 MiB or more"
    )
    assert "write 600 MiB or more" in of_volume(size="500MiB", sets=2)[0]


# ---- A8: zones


def test_zone_0_is_a_zone():
    assert read_one(gluster_zone=0)["gluster_zone"] == "0"
    assert read_one(heketi_zone=0)["heketi_zone"] == "0"


@pytest.mark.parametrize("zone", [None, "", " ", True, 1.5, ["a"], "a\nb"])
def test_what_is_no_zone(zone):
    assert len(of_server(gluster_zone=zone)) == 1


# ---- B4: values that would become options or lines


@pytest.mark.parametrize("value", ["--log-file=/etc/passwd", "--remote-host=n9", "a\nb", "", " ", "a\x00b"])
def test_values_of_options_stay_values(value):
    [line] = of_volume(options={"auth.allow": value})
    assert line.startswith("gluster_volumes: shared: options: auth.allow: found ")


@pytest.mark.parametrize("name", ["--remote-host", "-x", "a b", "a\n", ""])
def test_names_of_options_stay_names(name):
    assert [line for line in of_volume(options={name: "on"}) if "found" in line]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("gluster_server_working_directory", "/var/lib/glusterd\n    option x y"),
        ("gluster_server_rpm_files", ["../up.rpm"]),
        ("gluster_server_rpm_files", ["--nogpgcheck"]),
        ("gluster_server_network", "fe80::%eth0;drop/64"),
        ("gluster_server_network", "192.168.72.1/24"),
        ("gluster_server_network", "10.0.0.0/8\n"),
        ("gluster_server_repository_url", "http://x/ y"),
        ("gluster_server_repository_suite", "-o"),
        ("gluster_server_repository_components", ["main restricted"]),
        ("gluster_server_tls_name", "a,b"),
        ("gluster_server_version", "1.0\nPin: x"),
    ],
)
def test_values_of_servers_stay_values(variable, value):
    [line] = of_server(**{variable: value})
    assert line.startswith(f"n1: {variable}: ")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("heketi_ssh_from", ['10.0.0.1" ssh-rsa AAAA']),
        ("heketi_ssh_from", ["10.0.0.1\n"]),
        ("heketi_program", "/usr/bin/heketi\nUser=root"),
        ("heketi_program", "/usr/bin/heketi %i"),
        ("heketi_url", "http://10.0.0.1:8080\n"),
        ("heketi_url", "file:///etc/passwd"),
        ("heketi_backup_schedule", "daily\nUnit=x"),
        ("heketi_backup_schedule", ""),
        ("heketi_data_folder", "/var/lib/../../etc"),
        ("heketi_data_folder", "/var/lib/%h"),
        ("heketi_ssh_user", "root ALL"),
        ("heketi_admin_key", "short"),
        ("heketi_network", "::/0%1"),
        ("heketi_kernel_modules", ["evil"]),
    ],
)
def test_values_of_heketi_stay_values(variable, value):
    [line] = of_heketi(**{variable: value})
    assert line.startswith(f"h1: {variable}: ")


def test_no_message_shows_a_key():
    [line] = of_heketi(heketi_admin_key="hunter2")
    assert "hunter2" not in line and line == "h1: heketi_admin_key: found 7 characters; write at least 16"
    [line] = of_heketi(heketi_admin_key=["hunter2"])
    assert "hunter2" not in line


# ---- C2, C6: addresses


@pytest.mark.parametrize(
    "address",
    [
        *["10.0.0.1/24", "0.0.0.0", "127.0.1.1", "127.0.0.1", "localhost", "::1", "fd00::1"],
        *["10.0.0", "a b", "--x", "", None, 7],
    ],
)
def test_what_is_no_address_of_a_node(address):
    [line] = of_server(gluster_address=address)
    assert line.startswith("n1: gluster_address: ") and "; write " in line


@pytest.mark.parametrize("address", ["10.0.0.1", "node1", "node1.example.com", "n-1_a.b"])
def test_addresses_of_nodes(address):
    assert of_server(gluster_address=address) == []


def test_an_address_is_needed_and_is_one_host_s():
    [line] = problems({"n1": {}})
    assert line == "n1: gluster_address: it is missing; write it for this host, such as 192.168.72.101"
    [line] = problems({"n1": ADDRESS, "n2": ADDRESS})
    assert line == "n2: gluster_address: found 10.0.0.1, which is that of n1; write its own"


def test_a_template_of_facts_that_nobody_gathered_says_so():
    [line] = of_server(gluster_address="{{ ansible_facts.default_ipv4.address }}")
    assert "gather the facts" in line


# ---- C5: types


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"clients": ["client1"]}, 'clients: number 1: found the text "client1"'),
        ({"clients": None}, "clients: there is nothing behind it"),
        ({"clients": {"path": "/x"}}, "clients: found a dictionary"),
        ({"clients": [{"path": "/mnt/x", "hosts": "c1"}]}, 'hosts: found the text "c1"; write a list, such as [c1]'),
        ({"clients": [{"path": "/mnt/x", "hosts": ["c9"]}]}, "hosts: found c9, not in the inventory"),
        ({"clients": [{"path": "/mnt/x", "host": ["c1"]}]}, '"host" is unknown; did you mean hosts?'),
        ({"hosts": "n1"}, 'hosts: found the text "n1"'),
        ({"hosts": ["n9"]}, "hosts: found n9"),
        ({"reset_options": "features.shard"}, 'reset_options: found the text "features.shard"'),
        ({"options": {"auth.allow": None}}, "options: auth.allow: there is nothing behind it"),
        ({"options": {"features.shard": ["on"]}}, "options: features.shard: found ['on']"),
        ({"options": ["features.shard"]}, "options: found ['features.shard']"),
        ({"replicas": True}, "replicas: found True"),
        ({"replicas": 2.0}, "replicas: found 2.0"),
        ({"sets": 10**9}, "sets: found 1000000000; write a whole number from 1 to 10000"),
        ({"sets": "9" * 400}, "sets: found "),
        ({"type": "stripe"}, "features.shard"),
        ({"type": "raid"}, "type: found 'raid'"),
        ({"type": ["replicate"]}, "type: found "),
        ({"state": "absent"}, 'state: found "absent"; write one of present, started, stopped'),
        ({"repilcas": 2}, '"repilcas" is unknown; did you mean replicas?'),
        ({"type": "distribute", "arbiter": True}, "arbiter: found true with type distribute"),
    ],
)
def test_one_readable_line_for_what_is_wrong_in_a_volume(keys, found):
    [line] = of_volume(**keys)
    assert line.startswith("gluster_volumes: shared: ") and found in line and len(line) < 300


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("gluster_volumes", None),
        ("gluster_volumes", "shared"),
        ("gluster_volumes", {"shared": {}}),
        ("gluster_devices", {"path": "/dev/sdb"}),
        ("gluster_devices", "/dev/sdb"),
        ("gluster_devices", ["sdb"]),
        ("gluster_devices", [["/dev/sdb"]]),
        ("gluster_devices", ["/dev/sdb", {"path": "/dev//sdb"}]),
        ("gluster_devices", [{"path": "/dev/sdb", "data_alignment": "100KiB"}]),
        ("gluster_devices", [{"path": "/dev/sdb", "data_alignment": 256}]),
        ("gluster_server_version", 1.2),
        ("gluster_server_base_port", "80"),
        ("gluster_server_base_port", 60999.5),
        ("gluster_server_source", "rpm"),
    ],
)
def test_one_readable_line_for_a_wrong_type(variable, value):
    [line] = of_server(**{variable: value})
    assert variable in line and len(line) < 300


def test_what_is_clear_is_taken():
    found = read_one(
        gluster_devices=["/dev/sdb", {"path": "/dev/disk/by-id/x", "overwrite": True}],
        gluster_server_version=10,
        gluster_server_base_port="50000",
        gluster_volumes=[
            {
                **SHARED,
                "replicas": "3",
                "options": {"auth.allow": ["10.0.0.1", "10.0.0.2"], "features.shard": True, "network.ping-timeout": 20},
                "clients": [{"path": "/mnt/x", "options": ["ro", "acl"]}],
            }
        ],
    )
    assert found["gluster_devices"] == [{"path": "/dev/sdb"}, {"path": "/dev/disk/by-id/x", "overwrite": True}]
    assert (found["gluster_server_version"], found["gluster_server_base_port"]) == ("10", 50000)
    [volume] = found["gluster_volumes"]
    assert volume["replicas"] == 3
    assert volume["options"] == {
        "auth.allow": "10.0.0.1,10.0.0.2",
        "features.shard": True,
        "network.ping-timeout": 20,
    }
    assert volume["clients"] == [{"path": "/mnt/x", "options": "ro,acl"}]


def test_the_disks_of_a_volume_are_disks_of_its_hosts():
    servers = {
        "n1": {**ADDRESS, "gluster_devices": ["/dev/sdb", "/dev/sdc"]},
        "n2": {"gluster_address": "10.0.0.2", "gluster_devices": ["/dev/sdb"]},
    }

    def lines(**keys):
        shared = {"gluster_volumes": [{**SHARED, **keys}]}
        return problems({name: {**one, **shared} for name, one in servers.items()}, gluster_servers=list(servers))

    assert lines(devices=["/dev/sdb", "/dev/sdc"]) == [] and lines(hosts=["n2"], devices=["/dev/sdb"]) == []
    [line] = lines(hosts=["n2"], devices=["/dev/sdc"])
    assert line.startswith(
        "gluster_volumes: shared: devices: found /dev/sdc, which is in gluster_devices of none of its"
    )
    [line] = lines(devices=["/dev/sdx"])
    assert "found /dev/sdx" in line


# ---- between the parts


def test_ports_have_room_between_them():
    [line] = of_server(gluster_server_base_port=50000, gluster_server_max_port=49999)
    assert line.startswith("n1: gluster_server_base_port: ")


def test_a_folder_of_rpms_is_named():
    [line] = of_server(gluster_server_source="rpm_folder")
    assert line.startswith(
        "n1: gluster_server_source: found rpm_folder, and gluster_server_rpm_folder does not say where"
    )
    assert of_server(gluster_server_source="rpm_folder", gluster_server_rpm_folder="/srv/rpms") == []


def test_tls_is_for_all_machines_or_for_none():
    hostvars = {"n1": {**ADDRESS, "gluster_server_tls": True}, "c1": {}}
    [line] = problems(hostvars, gluster_servers=["n1"], gluster_clients=["c1"])
    assert line.startswith("gluster_server_tls: found true on n1 and not on c1")


def test_two_volumes_of_one_name_or_mount_point():
    twice = [SHARED, {**SHARED, "clients": [{"path": "/m/x"}]}, {**SHARED, "name": "b", "clients": [{"path": "/m//x"}]}]
    hostvars = {"n1": {**ADDRESS, "gluster_volumes": twice}, "c1": {}}
    lines = problems(hostvars, gluster_servers=["n1"], gluster_clients=["c1"])
    assert lines == [
        "gluster_volumes: found name shared twice; remove or rename one",
        "c1: gluster_volumes: b: clients: found /m/x, where shared is mounted; write another path",
    ]


def test_a_misspelt_variable_is_found_and_others_are_left_alone():
    assert of_server(gluster_volume=[], gluster_colour="red", heketi_built="x") == [
        "n1: gluster_volume: no such variable; did you mean gluster_volumes?"
    ]


# ---- C8: bounds


def test_the_same_line_of_many_hosts_is_one():
    hostvars = {f"n{at}": {"gluster_address": f"10.0.0.{at}", "gluster_server_tls_days": 0} for at in range(1, 9)}
    assert problems(hostvars) == [
        "n1, n2, n3 and 5 more: gluster_server_tls_days: found 0; write a whole number from 1 to 36500"
    ]


def test_the_first_twenty_and_how_many_more():
    volumes = [{"name": f"v{at}", "type": "x"} for at in range(5000)]
    lines = problems({"n1": {**ADDRESS, "gluster_volumes": volumes}})
    assert len(lines) == 21 and lines[-1] == "... and 4980 more like these"


def test_too_many_volumes_are_one_line():
    [line] = problems({"n1": {**ADDRESS, "gluster_volumes": [{}] * 200_000}})
    assert line == "gluster_volumes: found a list of 200000; write at most 10000"


def test_a_line_has_an_end():
    [line] = of_volume(type="x" * 10**6)
    assert len(line) <= 400


class Hostvars(dict):
    """Variables of which one ends in an error when it is read, as a template does."""

    def __getitem__(self, name):
        if name == "heketi_admin_key":
            raise ZeroDivisionError("TOPSECRET in {{ its words }}")
        return super().__getitem__(name)


class Vaulted:
    """What ansible-core before 2.19 makes of an inline vault."""

    __ENCRYPTED__ = True

    def __str__(self):
        return "s3cret-of-the-admin"


def test_neither_a_template_of_a_key_nor_the_words_about_it_are_shown():
    variables = Hostvars(heketi_admin_key="x", heketi_user_key="TOPSECRET{{ x }}")
    assert problems({"h1": variables}, heketi=["h1"]) == [
        "h1: heketi_admin_key: it can not be resolved; check its variable and the vault's password",
        "h1: heketi_user_key: it can not be resolved; check its variable and the vault's password",
    ]


def test_vaulted_values_are_texts():
    assert of_heketi(heketi_admin_key=Vaulted(), heketi_options={"x": Vaulted()}) == []


@pytest.mark.parametrize("key", ["s3cret of the admin", "s3cret-of-the-admin\n", " " * 16])
def test_a_key_has_no_blanks(key):
    [line] = of_heketi(heketi_admin_key=key)
    assert "s3cret" not in line and "; write it without" in line


def test_templates_that_are_left_are_found_however_deep():
    [line] = of_volume(options={"auth.allow": ["{{ nosuch }}"]})
    assert line.startswith("gluster_volumes: found ") and "is not known here" in line


@pytest.mark.parametrize("where", ["n2", "c1"])
def test_what_holds_for_the_cluster_is_not_hidden_on_one_host(where):
    hostvars = {"n1": ADDRESS, "n2": {"gluster_address": "10.0.0.2"}, "c1": {}}
    hostvars[where] = {**hostvars[where], "gluster_volumes": [SHARED]}
    [line] = problems(hostvars, gluster_servers=["n1", "n2"], gluster_clients=["c1"])
    assert (
        line
        == f"{where}: gluster_volumes: found here and not on all storage nodes; write it for all, in group_vars/all.yml"
    )


@pytest.mark.parametrize("keys", [{"hosts": []}, {"clients": [{"path": "/mnt/x", "hosts": []}]}])
def test_an_empty_list_of_hosts_is_neither_none_nor_all(keys):
    [line] = of_volume(**keys)
    assert "hosts: found an empty list; leave it out" in line


@pytest.mark.parametrize("path", ["/etc", "/usr/", "/proc/x", "/dev/x", "/var"])
def test_nothing_is_mounted_over_the_system(path):
    assert "a folder of the system" in of_volume(clients=[{"path": path}])[0]
    assert "a folder of the system" in of_server(gluster_root=path)[0]


def test_variables_of_ones_own_may_be_alike():
    assert of_server(gluster_volumes_a=[], gluster_volumes=[SHARED]) == []


@pytest.mark.parametrize("network", ["192.168.72.0", "10.0.0.5"])
def test_a_network_has_a_size(network):
    assert len(of_server(gluster_server_network=network)) == 1


# ---- names that heketi gives


@pytest.mark.parametrize("name", ["vol_" + "0a" * 16, "heketidbstorage", "brickwork-test", "web_default_shared_0a"])
def test_a_volume_is_not_called_as_heketi_calls_its_own(name):
    classes = [{"name": "one", "volumenameprefix": "web"}, {"name": "two"}]
    hostvars = {
        "n1": {**ADDRESS, "gluster_volumes": [{**SHARED, "name": name}]},
        "k1": {"gluster_storageclass_classes": classes},
    }
    [told] = problems(hostvars, gluster_servers=["n1"], kubernetes=["k1"])
    assert (
        told == f"gluster_volumes: found the name {name}, which heketi gives to volumes of its own; write another name"
    )


@pytest.mark.parametrize("name", ["vol_1", "web", "volume", "heketi"])
def test_other_names_are_free(name):
    hostvars = {
        "n1": {**ADDRESS, "gluster_volumes": [{**SHARED, "name": name}]},
        "k1": {"gluster_storageclass_classes": [{"name": "one", "volumenameprefix": "web"}]},
    }
    assert problems(hostvars, gluster_servers=["n1"], kubernetes=["k1"]) == []
