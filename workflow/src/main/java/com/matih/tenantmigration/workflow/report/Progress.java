package com.matih.tenantmigration.workflow.report;

/**
 * How far a running activity is: its heartbeat's details.
 *
 * @param done how many units are done
 * @param total how many there are, or -1 where that is not known yet
 * @param unit {@code rows}, {@code bytes}, {@code objects}, {@code records}, {@code documents},
 *     {@code keys} …
 * @param doing what is being worked on, for people
 */
public record Progress(long done, long total, String unit, String doing) {}
