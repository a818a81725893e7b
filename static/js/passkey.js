// Passkeys (WebAuthn): the browser asks for a fingerprint, face or PIN, and the form sends the credential. The options come
// from the page (json_script) or, for a login, from the server when the button is pressed.
// WebAuthn uses ArrayBuffers, JSON uses base64url.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const decodeIds = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function create({ publicKey }) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: decodeIds(publicKey.excludeCredentials),
    },
  });
  return {
    ...commonFields(credential),
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
      allowCredentials: decodeIds(publicKey.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return {
    ...commonFields(credential),
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  };
}

function commonFields(credential) {
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
  // The page comes with the button disabled: without this script it would send no credential.
  if (window.PublicKeyCredential) form.querySelector("button").disabled = false;
  else document.querySelector("[data-passkey-missing]").hidden = false;
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
