package com.matih.tenantmigration.workflow.request.allowed;

/**
 * Why a setting is refused. Never holds its value.
 *
 * @param problem what is wrong with it, to follow its path
 * @param remedy what to write instead
 */
public record Objection(String problem, String remedy) {}
