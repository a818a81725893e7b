from django.contrib import admin

from education.models import Clinician


@admin.register(Clinician)
class ClinicianAdmin(admin.ModelAdmin):
    list_display = ["name", "credentials", "role", "user", "is_listed"]
    list_filter = ["is_listed"]
    list_select_related = ["user"]
    search_fields = ["name", "role"]
    autocomplete_fields = ["user"]
