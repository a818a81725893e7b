"""When the scheduler, the mail worker and the backup last did their work, so that /readyz notices that one stopped."""
