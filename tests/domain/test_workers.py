"""Workers as TF_CONFIG and Slurm name them."""

import json

import pytest

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.workers import Workers, expand_hosts, tf_config, workers_of

HOSTS = ("a.example:2222", "b.example:2222", "c.example:2223")


def config(cluster, kind="worker", index=0):
    return {"TF_CONFIG": json.dumps({"cluster": cluster, "task": {"type": kind, "index": index}})}


def srun(**changes):
    """The variables that `srun --nodes 3 --ntasks 4` sets for its third task."""
    variables = {
        "SLURM_JOB_ID": "7", "SLURM_PROCID": "2", "SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "4",
        "SLURM_STEP_NODELIST": "node[08-09],big", "SLURM_STEP_TASKS_PER_NODE": "1(x2),2",
    }  # fmt: skip
    return {**variables, **changes}


def test_a_process_without_the_variables_trains_alone():
    assert workers_of({}) is None
    assert workers_of({"TF_CONFIG": ""}) is None
    assert workers_of(config({"worker": HOSTS[:1]})) is None


def test_a_batch_script_of_slurm_trains_alone_until_srun_starts_tasks():
    alone = {"SLURM_JOB_ID": "7", "SLURM_PROCID": "0", "SLURM_NTASKS": "4", "SLURM_JOB_NODELIST": "node[1-4]"}
    assert workers_of(alone) is None
    assert workers_of(srun(SLURM_STEP_NODELIST="big", SLURM_PROCID="0", SLURM_STEP_NUM_TASKS="1",
                           SLURM_STEP_TASKS_PER_NODE="1")) is None  # fmt: skip


@pytest.mark.parametrize("index", range(3))
def test_tf_config_names_the_workers(index):
    assert workers_of(config({"worker": HOSTS}, index=index)) == Workers(HOSTS, index)
    assert workers_of({"TF_CONFIG": tf_config(HOSTS, index)}) == Workers(HOSTS, index)


def test_a_chief_named_apart_is_the_first_worker():
    cluster = {"worker": HOSTS[1:], "chief": HOSTS[:1]}
    assert workers_of(config(cluster, "chief")) == Workers(HOSTS, 0)
    assert workers_of(config(cluster, index=1)) == Workers(HOSTS, 2)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"TF_CONFIG": "{"}, "TF_CONFIG is not understood"),
        ({"TF_CONFIG": '{"cluster": {"worker": ["a:1", "b:1"]}}'}, "TF_CONFIG is not understood"),
        ({"TF_CONFIG": "[" * 100_000}, "TF_CONFIG is not understood"),
        ({"TF_CONFIG": "9" * 5_000}, "TF_CONFIG is not understood"),
        ({"TF_CONFIG": "\ud800"}, "TF_CONFIG is not understood"),
        (config({"worker": HOSTS}, index=float("inf")), "TF_CONFIG is not understood"),
        (config({"worker": HOSTS}, index=float("nan")), "TF_CONFIG is not understood"),
        (config({"worker": HOSTS}, index=1.5), "TF_CONFIG is not understood"),
        ({"TF_CONFIG": config({"worker": HOSTS})["TF_CONFIG"].replace("0}", "1e999}")}, "is not understood"),
        (config({"worker": HOSTS}, kind=["worker"]), "a training here has a chief and workers only"),
        (srun(SLURM_STEP_NODELIST="node[0-999999999]"), "cannot be understood"),
        (srun(SLURM_STEP_NODELIST=f"node[{'9' * 5_000}]"), "cannot be understood"),
        (srun(SLURM_STEP_TASKS_PER_NODE="1(x999999999)"), "Slurm’s variables are not understood"),
        (srun(SLURM_STEP_TASKS_PER_NODE=f"{'9' * 5_000}"), "Slurm’s variables are not understood"),
        (config({"worker": HOSTS, "ps": ["d:1"]}), "names a “ps”"),
        (config({"worker": HOSTS}, "evaluator"), "names a “evaluator”"),
        (config({"worker": HOSTS}, index=3), "worker 3, counted from 0, but names 3"),
        (config({"worker": ["a:1", "b"]}), "“b” is not an address"),
        (config({"worker": ["a:1", "b:99999"]}), "“b:99999” is not an address"),
        (config({"worker": ["a:1", "a:1"]}), "“a:1” is the address of two workers"),
        (srun(SLURM_PROCID="x"), "Slurm’s variables are not understood"),
        (srun(SLURM_STEP_NODELIST="node[1-"), "cannot be understood"),
        (srun(SLURM_STEP_NODELIST="node[8-x]"), "cannot be understood"),
        (srun(SLURM_STEP_NODELIST="node[x-8]"), "cannot be understood"),
        (srun(SLURM_STEP_TASKS_PER_NODE="1(x3)"), "task 2 of 4, but names 3"),
        (srun(SLURM_STEP_TASKS_PER_NODE="4"), "Slurm’s variables are not understood"),
    ],
)
def test_what_is_not_understood_is_a_sentence(variables, message):
    with pytest.raises(UserError, match=message):
        workers_of(variables)


def test_slurm_names_the_machines_in_short():
    assert expand_hosts("a") == ["a"]
    assert expand_hosts("a,b-1") == ["a", "b-1"]
    assert expand_hosts("n[08-10,3]-x,m[1-2]") == ["n08-x", "n09-x", "n10-x", "n3-x", "m1", "m2"]
    assert expand_hosts("r[1-2]n[1-2]") == ["r1n1", "r1n2", "r2n1", "r2n2"]


def test_each_task_of_slurm_has_an_address_of_its_own():
    workers = workers_of(srun())
    assert workers.index == 2
    hosts, ports = zip(*(address.split(":") for address in workers.addresses), strict=True)
    assert hosts == ("node08", "node09", "big", "big")
    assert ports[2] != ports[3]
    assert workers_of(srun(SLURM_PROCID="0")).addresses == workers.addresses
    assert workers_of(srun(SLURM_JOB_ID="8")).addresses != workers.addresses
