from django.urls import path

from consultations import views

app_name = "consultations"

urlpatterns = [
    path("", views.inquiry_create, name="inquiry-create"),
    path("received/", views.inquiry_received, name="inquiry-received"),
]
