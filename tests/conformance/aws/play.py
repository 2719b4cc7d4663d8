"""Plays calls on a moto server of this process, and reads back what stands then.

stdin: {"plays": [{"calls": [{"operation": "ec2:CreateVpc", "parameters": {...}, "id": {"known": "...", "at": "Vpc.VpcId"}}],
"reads": [{"operation": "ec2:DescribeVpcs", "parameters": {...}, "at": "Vpcs.0"}]}]}
stdout: {"plays": [{"refused": [{"call": 0, "says": "..."}], "reads": [{...}]}]}
Ids are those of the caller, in both directions: what moto calls a resource stays here.
"""

import json
import logging
import sys

import boto3
import botocore
import botocore.exceptions
import requests
from moto.server import ThreadedMotoServer

REGION = "us-east-1"


class Clients:
    """One of each service, for all plays: making one takes most of a second."""

    def __init__(self, url):
        self.url = url
        self.made = {}

    def of(self, service):
        if service not in self.made:
            self.made[service] = boto3.client(
                service, REGION, endpoint_url=self.url, aws_access_key_id="x", aws_secret_access_key="x"
            )
        return self.made[service]


class Play:
    def __init__(self, clients):
        self.clients = clients
        self.real = {}
        self.known = {}

    def call(self, operation, parameters):
        service, name = operation.split(":")
        asked = renamed(parameters, self.real)
        return getattr(self.clients.of(service), botocore.xform_name(name))(**asked)

    def learn(self, known, real):
        self.real[known] = real
        self.known[real] = known


def renamed(value, names):
    if isinstance(value, dict):
        return {key: renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def at(answer, path):
    for step in path.split("."):
        answer = answer[int(step)] if step.isdigit() else answer[step]
    return answer


def perform(play, wanted):
    refused, reads = [], []
    for index, call in enumerate(wanted["calls"]):
        try:
            answer = play.call(call["operation"], call["parameters"])
            if "id" in call:
                play.learn(call["id"]["known"], at(answer, call["id"]["at"]))
        except (botocore.exceptions.ClientError, botocore.exceptions.ParamValidationError) as error:
            refused.append({"call": index, "says": str(error)})
    for read in wanted["reads"]:
        try:
            answer = play.call(read["operation"], read["parameters"])
            reads.append(renamed(at(answer, read["at"]), play.known))
        except (botocore.exceptions.ClientError, LookupError) as error:
            reads.append({"missing": str(error)})
    return {"refused": refused, "reads": reads}


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    asked = json.load(sys.stdin)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    clients, plays = Clients(url), []
    for wanted in asked["plays"]:
        requests.post(f"{url}/moto-api/reset", timeout=30)
        plays.append(perform(Play(clients), wanted))
    server.stop()
    json.dump({"plays": plays}, sys.stdout, default=str)


main()
