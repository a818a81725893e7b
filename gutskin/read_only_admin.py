from django.contrib import admin


class ReadOnlyAdmin(admin.ModelAdmin):
    """For rows that only the program writes: no one adds, changes or deletes them in the admin, not even a superuser.

    Who may view them is still a matter of `has_view_permission`.
    """

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
