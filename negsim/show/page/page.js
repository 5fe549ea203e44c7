"use strict";
(() => {
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  const hide = () => { tip.hidden = true; };
  addEventListener("scroll", hide, { passive: true });
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  const tell = (handler, event, item, value) => {
    if (value === null || value === undefined || value === "") return hide();
    tip.textContent = String(value);
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(event.clientX + 12, innerWidth - box.width - 4))}px`;
    const under = event.clientY + 16;
    tip.style.top = `${under + box.height < innerHeight ? under : Math.max(4, event.clientY - box.height - 12)}px`;
  };

  for (const data of document.querySelectorAll('script[type="application/json"]')) {
    const picture = document.getElementById(data.dataset.picture);
    const live = document.createElement("div");
    live.className = "live";
    picture.querySelector(".static").after(live);
    vegaEmbed(live, JSON.parse(data.textContent), {
      mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false, tooltip: tell,
    }).then(
      ({ view }) => {
        view.addEventListener("click", (event, item) => {
          if (item && item.datum && item.datum.to) location.hash = item.datum.to;
        });
        const drawn = live.querySelector("svg");
        drawn.setAttribute("role", "img");
        drawn.setAttribute("aria-labelledby", `${picture.id}-title`);
        picture.classList.add("drawn");
      },
      (error) => { live.remove(); console.error(error); },
    );
  }
})();
