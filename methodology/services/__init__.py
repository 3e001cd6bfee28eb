from methodology.services.drafting import (
    AlreadyDrafted,
    ChangedMeanwhile,
    Removed,
    StillUsed,
    add_part,
    copy_to_draft,
    copy_to_organisation,
    discard_draft,
    edit_part,
    move_part,
    remove_part,
    restore_part,
)
from methodology.services.importing import Imported, import_document
from methodology.services.loading import (
    ChangedVersion,
    LoadResult,
    load_method_file,
    load_method_version,
    load_methods,
)
from methodology.services.releasing import NotReady, publish_draft

__all__ = [
    "AlreadyDrafted",
    "ChangedMeanwhile",
    "ChangedVersion",
    "Imported",
    "LoadResult",
    "NotReady",
    "Removed",
    "StillUsed",
    "add_part",
    "copy_to_draft",
    "copy_to_organisation",
    "discard_draft",
    "edit_part",
    "import_document",
    "load_method_file",
    "load_method_version",
    "load_methods",
    "move_part",
    "publish_draft",
    "remove_part",
    "restore_part",
]
