package com.matih.tenantmigration.workflow.input;

/**
 * One thing that is wrong with what somebody wrote. Never holds a value that could be a secret.
 *
 * @param path where, as in {@code kafka.topics[0].from}; empty for the whole
 * @param problem what is wrong
 * @param remedy what to write instead
 */
public record InputProblem(String path, String problem, String remedy) {}
