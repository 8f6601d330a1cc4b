"use strict";
// Filters the findings. Without this script the page shows them all and no filter.
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const status = document.getElementById("filter-status");
  const findings = Array.from(document.querySelectorAll(".finding"));

  const apply = () => {
    const wanted = new FormData(form);
    const severities = new Set(wanted.getAll("severity"));
    const requirement = wanted.get("requirement");
    let shown = 0;
    for (const finding of findings) {
      const fits = severities.has(finding.dataset.severity) &&
        (requirement === "*" || finding.dataset.requirement === requirement);
      finding.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    status.textContent = `${shown} of ${findings.length} findings shown`;
  };

  form.addEventListener("change", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  // A link to a finding that is filtered away would lead nowhere.
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.hidden) {
      form.reset();
      setTimeout(() => target.scrollIntoView());
    }
  });
  form.hidden = false;
  apply();
})();
