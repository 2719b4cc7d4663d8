// The report must show what it was given, fetch nothing, and survive any text in it.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { escape, renderHtml } from "../../../../../lab/rehearse/report/html";
import { sampleReport } from "./sampleReport";

describe("report.html", () => {
    it("fetches nothing from anywhere", () => {
        assert.doesNotMatch(renderHtml(sampleReport()), /\b(src|href)=|url\(|@import|<script/);
    });

    it("shows failed checks, the failure and the verdict", () => {
        const report = sampleReport();
        report.verdict = "failed";
        report.failure = "Interrupted <here>.";
        report.checks.push({ name: "a check that failed", passed: false, before: 1, after: 2 });
        const html = renderHtml(report);
        assert.match(html, /Checks that failed/);
        assert.match(html, /Interrupted &lt;here&gt;\./);
        assert.match(html, /<span class="failed">failed<\/span>/);
    });

    it("lists what the present program changed of an earlier one's, and only where there was one", () => {
        const report = sampleReport();
        const html = renderHtml(report);
        assert.match(html, /Taken over from 72a8f1ff94a5<\/h2><p>What &lt;was&gt; before; accepted again: migrate/);
        assert.match(html, /<td>prod<\/td><td>update<\/td>.*::aws:ebs\/volume:Volume::v<\/code><\/td><td>tags<\/td>/);
        assert.match(
            html,
            /<td>posit:operatingSystem\.codename<\/td><td><code>posit:operatingSystem\.codename is not known/,
        );
        assert.doesNotMatch(renderHtml({ ...report, takeOver: undefined }), /Taken over/);
    });

    it("draws one mark per outage", () => {
        const report = sampleReport();
        const marks = (html: string) => html.split('fill="#c8442f"').length - 1;
        assert.equal(marks(renderHtml(report)), report.outages.length);
    });

    it("lets no text break out of its place", () => {
        fc.assert(
            fc.property(fc.string(), (text) => {
                assert.doesNotMatch(escape(text), /[<>"]/);
            }),
        );
    });
});
