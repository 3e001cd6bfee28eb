from django.urls import path

from phases.views import corrections

urlpatterns = [
    path("<int:project_id>/protokoll/<int:sequence>/rett/", corrections.correct, name="correct"),
]
