// Passkeys: the browser asks for finger, face or PIN, and the answer is sent with the form. What is asked for comes from
// the page (json_script), or for a login from the server at the moment of the click.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const known = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function create({ publicKey }) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: known(publicKey.excludeCredentials),
    },
  });
  return {
    ...ofAnyKind(credential),
    response: {
      clientDataJSON: text(credential.response.clientDataJSON),
      attestationObject: text(credential.response.attestationObject),
    },
  };
}

async function get({ publicKey }) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: known(publicKey.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return {
    ...ofAnyKind(credential),
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  };
}

function ofAnyKind(credential) {
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsFor(form) {
  const address = form.dataset.optionsFrom;
  if (!address) return JSON.parse(document.getElementById("passkey-options").textContent);
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error("no options");
  return (await response.json()).request_options;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const failed = document.querySelector("[data-passkey-failed]");
  if (!window.PublicKeyCredential) {
    document.querySelector("[data-passkey-missing]").hidden = false;
    form.querySelector("button").disabled = true;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const ask = form.dataset.passkey === "create" ? create : get;
      form.elements.credential.value = JSON.stringify(await ask(await optionsFor(form)));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
