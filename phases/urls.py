from phases import gate_urls, people_urls, record_urls, route_urls, walk_urls

app_name = "phases"
urlpatterns = [
    *walk_urls.urlpatterns,
    *gate_urls.urlpatterns,
    *people_urls.urlpatterns,
    *record_urls.urlpatterns,
    *route_urls.urlpatterns,
]
