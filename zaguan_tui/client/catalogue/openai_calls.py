"""Names of the calls in the official ``openai`` package (openai-python), for code to copy."""

from __future__ import annotations

from collections.abc import Mapping

OPENAI_CALLS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    name: (call, tuple(words.split()))
    for name, call, words in (
        (
            "chat",
            "chat.completions.create",
            "model messages audio frequency_penalty function_call functions logit_bias logprobs"
            " max_completion_tokens max_tokens metadata modalities n parallel_tool_calls prediction"
            " presence_penalty prompt_cache_key reasoning_effort response_format safety_identifier seed"
            " service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p"
            " user verbosity web_search_options",
        ),
        ("list_models", "models.list", ""),
        ("get_model", "models.retrieve", "model_id"),
        ("delete_model", "models.delete", "model_id"),
        ("create_embeddings", "embeddings.create", "model input dimensions encoding_format user"),
        ("create_speech", "audio.speech.create", "model input voice instructions response_format speed"),
        (
            "create_image",
            "images.generate",
            "model prompt background moderation n output_compression output_format quality response_format"
            " size style user",
        ),
        ("create_moderation", "moderations.create", "model input"),
        ("list_files", "files.list", ""),
        ("get_file", "files.retrieve", "file_id"),
        ("delete_file", "files.delete", "file_id"),
        (
            "create_fine_tuning_job",
            "fine_tuning.jobs.create",
            "model training_file hyperparameters integrations metadata method seed suffix validation_file",
        ),
        ("list_fine_tuning_jobs", "fine_tuning.jobs.list", ""),
        ("get_fine_tuning_job", "fine_tuning.jobs.retrieve", "job_id"),
        ("cancel_fine_tuning_job", "fine_tuning.jobs.cancel", "job_id"),
        ("create_batch", "batches.create", "completion_window endpoint input_file_id metadata"),
        ("get_batch", "batches.retrieve", "batch_id"),
        ("cancel_batch", "batches.cancel", "batch_id"),
        ("list_batches", "batches.list", ""),
    )
}
"""Client method to the call, and the fields of the body it takes by name; others go into ``extra_body``."""
