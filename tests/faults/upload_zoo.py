"""Files that are no photos, and photos that hide something, through the form as a browser sends them."""

import base64
import html
import re
import uuid

from tests.consultations.upload_zoo import GOOD, REFUSED, SECRETS
from tests.faults.patient import Patient
from tests.faults.stored import inside
from tests.faults.table import Line

REMOVE = re.compile(r'name="remove_photo" value="([^"]+)"')
SENTENCES = """
from consultations.photos import exceptions
result = {
    name: getattr(exceptions, name)(0) if name == "TooManyPixels" else getattr(exceptions, name)()
    for name in given["names"]
}
result = {name: str(refusal).split(" more than 0 ")[-1] for name, refusal in result.items()}
"""
KEPT = """
import base64
from consultations.models import Attachment
result = [base64.b64encode(photo.content).decode() for photo in Attachment.objects.all()]
"""
BY_HEADER = ("Exif", "ICC_PROFILE", "http://ns.adobe.com")


def run(lab) -> Line:
    with lab.site("upload-zoo") as site:
        sentences = inside(site, SENTENCES, names=sorted({refusal for _make, refusal in REFUSED.values()}))
        wrong = [name for name, make in GOOD.items() if not is_taken(site, name, make())]
        for name, (make, refusal) in REFUSED.items():
            if not is_refused(site, name, make(), sentences[refusal], refusal):
                wrong.append(name)
        kept = [base64.b64decode(photo) for photo in inside(site, KEPT)]
        hidden = [*SECRETS, *(word.encode() for word in BY_HEADER)]
        found = sum(secret in photo for photo in kept for secret in hidden)
        if len(kept) != len(GOOD):
            wrong.append(f"{len(kept)} photos kept of {len(GOOD)}")
        return Line(
            done=f"{len(GOOD)} photos and {len(REFUSED)} other files: {len(wrong)} with an unexpected result",
            sent=len(GOOD) + len(REFUSED),
            acknowledged=len(GOOD),
            stored=len(kept),
            canaries=found,
            answers_of_500=site.answers_of_500,
            broken=", ".join(wrong[:5]),
        )


def is_taken(site, name, content):
    answer = upload(site, name, content)
    return answer.status == 200 and len(REMOVE.findall(answer.text)) == 1


def is_refused(site, name, content, sentence, refusal):
    """NotAPhoto has a sentence for each kind of file; any of them will do, as long as it is one."""
    answer = upload(site, name, content)
    problem = re.search(r"<ul data-photo-problems>\s*<li>(.*?)</li>", html.unescape(answer.text), re.DOTALL)
    if answer.status != 200 or REMOVE.search(answer.text) or not problem:
        return False
    return problem[1].endswith(sentence) or (refusal == "NotAPhoto" and name in problem[1] and problem[1].endswith("."))


def upload(site, name, content):
    patient = Patient(site)
    token = patient.token()
    fields = {"csrfmiddlewaretoken": token, "key": str(uuid.uuid4()), "fragment": "1"}
    body, content_type = multipart(fields, [(name, content)])
    return patient.ask("/consult/photos/", "POST", body, Content_Type=content_type)


def multipart(fields, files):
    """`files` are pairs of a name and a content. Returns the body and its content type."""
    border = uuid.uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    for name, content in files:
        head = f'--{border}\r\nContent-Disposition: form-data; name="photos"; filename="{name}"\r\n'
        parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + f"--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"
