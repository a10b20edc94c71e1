"""Layers, callbacks and loggers under the real libraries: ``scripts/test-watch``."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emblink as eb
from emblink.bundle import read_manifest
from emblink.errors import InputError
from tests.watch_helpers import N, names, run

pytestmark = [pytest.mark.trained, pytest.mark.filterwarnings("ignore")]
EPOCHS = 2


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")


def bert() -> tuple[Any, dict[str, Any]]:
    """A small transformer, and what it reads; half of the items are shorter."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50,
        hidden_size=16,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=32,
        num_labels=4,
    )
    ids = torch.randint(1, 50, (N, 9))
    ids[:, 0] = torch.arange(N) % 4 + 1
    mask = torch.ones(N, 9, dtype=torch.long)
    mask[::2, 6:] = 0
    return BertForSequenceClassification(config), {"input_ids": ids, "attention_mask": mask}


def steps_of(path: str) -> list[int]:
    manifest = read_manifest(Path(path))
    assert manifest.watch is not None
    assert manifest.watch.finished
    return [one.step for one in manifest.watch.steps]


def test_layers_come_in_order_and_say_how_they_were_pooled() -> None:
    model, tokens = bert()
    model.train()
    spaces = eb.layers(model, tokens)
    assert [*spaces] == [f"bert.encoder.layer.{one}" for one in range(3)]
    assert {one.shape for one in spaces.values()} == {(N, 16)}
    assert {*spaces.pooling.values()} == {"mean over 9 tokens, those of the attention mask"}
    assert all(module.training for module in model.modules())


def test_layers_are_what_the_model_says_of_its_hidden_states() -> None:
    import torch

    model, tokens = bert()
    model.eval()
    with torch.no_grad():
        hidden = model(**tokens, output_hidden_states=True).hidden_states
    for pool, place in (("first", 0), ("last", None)):
        spaces = eb.layers(model, tokens, pool=pool, batch_size=10)  # type: ignore[arg-type]
        for at, found in enumerate(spaces.values()):
            states, ends = hidden[at + 1].numpy(), tokens["attention_mask"].sum(1).numpy() - 1
            rows = ends if place is None else np.zeros(N, int)
            np.testing.assert_allclose(found, states[np.arange(N), rows], atol=1e-5)
    mask = tokens["attention_mask"].numpy()[:, :, None]
    means = (hidden[3].numpy() * mask).sum(1) / mask.sum(1)
    np.testing.assert_allclose([*eb.layers(model, tokens).values()][2], means, atol=1e-5)


def test_layers_of_a_network_for_pictures_are_means_over_places() -> None:
    import torch

    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(144, 5)
    )
    spaces = eb.layers(model, torch.rand(12, 1, 8, 8))
    assert [one.shape for one in spaces.values()] == [(12, 4), (12, 4), (12, 144), (12, 5)]
    assert [*spaces.pooling.values()] == ["mean over 6 × 6 places"] * 2 + ["as it is"] * 2


def test_a_layer_that_is_not_there_is_named() -> None:
    model, tokens = bert()
    with pytest.raises(InputError, match=r"no module 'bert\.head'"):
        eb.layers(model, tokens, modules=["bert.head"])


def test_the_layers_of_the_page_are_compared() -> None:
    model, tokens = bert()
    run("eb.layers(model, tokens)", names(model=model, tokens=tokens))
    assert len(read_manifest(Path("layers.emblink")).pairs) == 2


def test_the_callback_of_the_page_logs_under_the_trainer_of_transformers() -> None:
    from transformers import Trainer, TrainingArguments

    model, tokens = bert()
    rows = [
        {"input_ids": ids, "attention_mask": mask, "labels": at % 4}
        for at, (ids, mask) in enumerate(zip(*tokens.values(), strict=True))
    ]
    arguments = TrainingArguments(
        output_dir="out",
        num_train_epochs=EPOCHS,
        per_device_train_batch_size=16,
        logging_steps=3,
        report_to=[],
        save_strategy="no",
        use_cpu=True,
        disable_tqdm=True,
    )
    trainer = Trainer(model=model, args=arguments, train_dataset=rows)
    run("trainer.add_callback", names(trainer=trainer, tokens=tokens))
    assert steps_of("hf.emblink") == [0, 3, 6, 8]
    watch = read_manifest(Path("hf.emblink")).watch
    assert watch is not None
    assert [one.time for one in watch.steps] == [0, 0.75, 1.5, 2]
    assert watch.steps[-1].loss is not None


def test_the_callback_of_the_page_logs_under_lightning() -> None:
    import lightning
    import torch

    class Module(lightning.LightningModule):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.net = torch.nn.Linear(8, 4)

        def forward(self, x: Any) -> Any:
            return self.net(x)

        def training_step(self, batch: Any, _: int) -> Any:
            return torch.nn.functional.cross_entropy(self(batch[0]), batch[1])

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    probe = torch.rand(N, 8)
    data = torch.utils.data.TensorDataset(probe, torch.arange(N) % 4)
    loader = torch.utils.data.DataLoader(data, batch_size=8)
    quiet = {
        "max_epochs": EPOCHS,
        "logger": False,
        "enable_checkpointing": False,
        "enable_progress_bar": False,
        "enable_model_summary": False,
        "accelerator": "cpu",
    }
    known = names(lightning=lightning, module=Module(), probe=probe, loader=loader, quiet=quiet)
    run("trainer.fit", known)
    assert steps_of("pl.emblink") == [0, 10, 16]
    watch = read_manifest(Path("pl.emblink")).watch
    assert watch is not None
    assert watch.steps[1].loss is not None


def test_tensors_are_logged_as_they_come() -> None:
    import torch

    weights = torch.rand(8, 6, requires_grad=True)
    x = torch.rand(N, 8)
    with eb.Watch("run.emblink", labels=names()["labels"]) as watch:
        for step in range(2):
            assert watch.log(step, (x @ weights).to(torch.bfloat16))
    assert steps_of("run.emblink") == [0, 1]


def test_the_recipe_for_wandb_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    import wandb

    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    run("wandb.init", names(wandb=wandb))
    (logged,) = Path("wandb").glob("offline-run-*/*.wandb")
    ends = time.monotonic() + 60
    while b"emblink/kept" not in logged.read_bytes():  # another process writes it
        assert time.monotonic() < ends
        time.sleep(0.1)
    assert Path("wb.html").exists()


def test_the_recipe_for_mlflow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/ml.db")
    run("mlflow.start_run", names(mlflow=mlflow))
    (found,) = mlflow.search_runs(output_format="list")
    client = mlflow.MlflowClient()
    assert [one.step for one in client.get_metric_history(found.info.run_id, "emblink/kept")] == [
        1,
        2,
    ]
    assert [one.path for one in client.list_artifacts(found.info.run_id)] == ["ml.html"]


def test_the_recipe_for_tensorboard() -> None:
    from tensorboard.backend.event_processing import event_accumulator as events
    from torch.utils.tensorboard import SummaryWriter

    run("SummaryWriter", names(SummaryWriter=SummaryWriter))
    read = events.EventAccumulator("logs")
    read.Reload()
    assert [one.step for one in read.Scalars("emblink/size")] == [1, 2]
    assert json.dumps(read.Tags()["tensors"]).count("emblink") == 1
