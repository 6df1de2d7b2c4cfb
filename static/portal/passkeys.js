// Shows passkey buttons where the browser knows passkeys, and says in words what went wrong with one.

const problem = document.getElementById("passkey-problem");
const known = Boolean(window.PublicKeyCredential);

for (const element of document.querySelectorAll("[data-passkey]")) element.hidden = !known;
if (!known && problem) problem.textContent = "This browser cannot use passkeys. Use another way to sign in.";

const words = {
  NotAllowedError: "The passkey was not used: the request was cancelled or took too long. Try again.",
  InvalidStateError: "This device already holds a passkey for your account. Use another device, or the passkey you have.",
  SecurityError: "Passkeys work only at the portal’s own, secure address. Check the address of this page.",
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (!problem) return;
  problem.textContent =
    words[event.detail.exception?.name] ?? "The passkey could not be used. Try again, or use another way to sign in.";
});
