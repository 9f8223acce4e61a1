"""The plugins that tell the schema of files in folders, which a request must be allowed to read.

Source: the KQL reference, "infer_storage_schema plugin" and "infer_storage_schema_with_suggestions plugin", with the data of its
example.
"""

import json
import os

from wardian_program import run

ALLOW = "--allow-external-files"


def answer(plugin, *words, **options):
    done = run("query", f"evaluate {plugin}(dynamic({json.dumps(options)}))", "--format", "jsonl", *words)
    return list(json.loads(done.stdout).values())[0] if done.returncode == 0 else done.stderr


def schema_of(folder, **options):
    return answer("infer_storage_schema", ALLOW, StorageContainers=[str(folder)], **options)


def test_files_are_chosen_by_name_and_age(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "part-1.csv").write_text("a,b\n1,x\n")
    (tmp_path / "below" / "part-2.csv").write_text("a,b,c\n1.5,x,true\n")
    (tmp_path / "other.csv").write_text("z\n2024-01-01\n")
    os.utime(tmp_path / "part-1.csv", (1, 1))
    os.utime(tmp_path / "other.csv", (2, 2))
    assert schema_of(tmp_path, DataFormat="csv", FileNamePrefix="part-") == "a:real, b:string, c:bool"
    assert schema_of(tmp_path, DataFormat="csv", FileNamePrefix="part-1") == "a:long, b:string"
    assert schema_of(tmp_path, DataFormat="csv", FileExtension="r.csv", Mode="any") == "z:datetime"
    assert schema_of(tmp_path, DataFormat="csv", FileNamePrefix="part-", Mode="all") in ("a:real, b:string, c:bool",)
    assert schema_of(f"file://{tmp_path}/part-1.csv;key", DataFormat="csv") == "a:long, b:string"


def test_suggestions(tmp_path):
    event = {
        "source": "DataExplorer",
        "created_at": "2022-04-10 15:47:57",
        "author_id": 739144091473215488,
        "time_millisec": 1547083647000,
    }
    (tmp_path / "js-1.json").write_text(json.dumps(event) + "\n")
    found = answer("infer_storage_schema_with_suggestions", ALLOW, StorageContainers=[str(tmp_path)], FileExtension=".json",
                   FileNamePrefix="js-", DataFormat="json")  # fmt: skip
    columns = json.loads(found)["Columns"]
    told = [(c["OriginalColumn"]["Name"], c["OriginalColumn"]["CslType"]["type"], c["RecommendedColumn"]["CslType"]["type"],
             c["ApplicableTransformationMapping"]) for c in columns]  # fmt: skip
    assert told == [
        ("source", "string", "string", "None"),
        ("created_at", "datetime", "datetime", "None"),
        ("author_id", "long", "string", "None"),
        ("time_millisec", "long", "datetime", "DateTimeFromUnixMilliseconds"),
    ]
    assert columns[2]["OriginalColumn"]["CslType"] == {"type": "long", "IsNumeric": True, "IsSummable": True}


def test_what_cannot_be_looked_into(tmp_path):
    assert "ACCESS_DENIED" in answer("infer_storage_schema", StorageContainers=[str(tmp_path)], DataFormat="csv")
    elsewhere = ["https://x.blob.core.windows.net/y"]
    assert "ACCESS_DENIED" in answer("infer_storage_schema", ALLOW, StorageContainers=elsewhere, DataFormat="csv")
    assert "FILE_NOT_FOUND" in schema_of(tmp_path, DataFormat="csv")
    assert "FILE_NOT_FOUND" in schema_of(tmp_path / "none", DataFormat="csv")
    assert "BAD_ARGUMENT" in schema_of(tmp_path, DataFormat="avro")
    assert "BAD_ARGUMENT" in schema_of(tmp_path)
    assert "BAD_ARGUMENT" in schema_of(tmp_path, DataFormat="csv", Mode="some")
    assert "BAD_ARGUMENT" in answer("infer_storage_schema", ALLOW, DataFormat="csv")
