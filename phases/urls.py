from importlib import import_module
from importlib.util import find_spec

from phases import walk_urls

app_name = "phases"
urlpatterns = [*walk_urls.urlpatterns]
for _name in ("phases.gate_urls", "phases.people_urls"):
    if find_spec(_name):
        urlpatterns += import_module(_name).urlpatterns
