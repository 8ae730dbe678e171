"""Holds the examples of docs/openapi.json against their schemas, and sends those of requests to a running API."""

import argparse
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

from jsonschema_rs import Draft202012Validator, ValidationError

faults = []


def validator(document, schema):
    """A validator for a schema inside the document, whose references it can follow."""
    return Draft202012Validator({**schema, "components": document["components"]}, validate_formats=True)


def hold(document, schema, example, where):
    """Notes what an example has that its schema does not allow."""
    try:
        validator(document, schema).validate(example)
    except ValidationError as error:
        faults.append(f"{where}: {error.message} at {list(error.instance_path)}")


def resolved(document, schema):
    """The schema that is meant where it is a reference."""
    name = schema.get("$ref", "").removeprefix("#/components/schemas/")
    return document["components"]["schemas"][name] if name else schema


def example_of(document, content):
    """A body's own example or that of its type."""
    return content.get("example", resolved(document, content["schema"]).get("example"))


def check_types(document):
    """Examples of types and of their fields."""
    count = 0
    for name, schema in document["components"]["schemas"].items():
        places = {name: schema, **{f"{name}.{field}": sub for field, sub in schema.get("properties", {}).items()}}
        for where, sub in places.items():
            if "example" in sub:
                hold(document, sub, sub["example"], where)
                count += 1
    return count


def operations(document):
    """Each operation with its method and path."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def check_answers(document):
    """Answers that are JSON have an example that fits."""
    count = 0
    for method, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            for content in answer.get("content", {}).values():
                where = f"{method} {path} {status}"
                example = example_of(document, content)
                if example is None:
                    faults.append(f"{where}: has no example")
                else:
                    hold(document, content["schema"], example, where)
                    count += 1
    return count


def send(arguments, method, path, body):
    """Sends a request; the answer is its status and its body."""
    request = urllib.request.Request(
        arguments.url + path,
        method=method,
        data=json.dumps(body).encode(),
        headers={"x-api-key": arguments.key, "content-type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def check_requests(document, arguments):
    """The API takes every example of a request, and what it answers is as described."""
    count = 0
    for method, path, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        example = example_of(document, content)
        if example is None:
            faults.append(f"{method} {path}: the request has no example")
            continue
        hold(document, content["schema"], example, f"{method} {path}")
        if "{" in path:
            # It is about something that would have to be there first.
            continue
        names = [parameter["name"] for parameter in operation.get("parameters", [])]
        for query in ["", "?dry_run=true"] if "dry_run" in names else [""]:
            status, body = send(arguments, method, path + query, example)
            where = f"{method} {path}{query}"
            if not 200 <= status < 300:
                faults.append(f"{where}: the example is answered {status}: {body}")
                continue
            described = operation["responses"].get(str(status), {}).get("content", {}).get("application/json")
            if described is None:
                faults.append(f"{where}: {status} is not described")
            else:
                hold(document, described["schema"], body, f"{where} {status}")
            count += 1
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("description", type=Path)
    parser.add_argument("--url", required=True)
    parser.add_argument("--key", required=True)
    arguments = parser.parse_args()
    document = json.loads(arguments.description.read_text())
    types, answers, requests = check_types(document), check_answers(document), check_requests(document, arguments)
    print(f"{types} examples of types, {answers} of answers, {requests} of requests, which the API has taken")
    if min(types, answers, requests) == 0:
        faults.append("there were none of a kind")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
