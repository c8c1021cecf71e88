package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;

/**
 * A worker and where it stands.
 *
 * @param id its name
 * @param site its micro-cloud: workers of one site reach each other over their LAN
 */
public record SitedWorker(WorkerId id, String site) {}
