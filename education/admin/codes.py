from django.contrib import admin

from education.models import ClinicalCode


@admin.register(ClinicalCode)
class ClinicalCodeAdmin(admin.ModelAdmin):
    list_display = ["code", "system", "display", "article", "descendants", "excluded", "is_confirmed"]
    list_filter = ["system", "is_confirmed", "excluded", "article__kind"]
    list_select_related = ["article"]
    search_fields = ["code", "display", "article__title"]
    autocomplete_fields = ["article"]
