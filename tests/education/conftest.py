from tests.consultations.conftest import file_database

__all__ = ["file_database"]
