"use strict";
/* Buttons for passkeys appear only where the browser knows them. A ceremony that the person cancels is no error. */
if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = false;
}
document.addEventListener("allauth.error", (event) => event.preventDefault());
