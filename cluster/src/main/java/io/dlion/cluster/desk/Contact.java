package io.dlion.cluster.desk;

import java.util.UUID;

/**
 * A process that can be asked.
 *
 * @param name of its worker, or its address where that is not known yet
 * @param id of this life of the process
 */
public record Contact(String name, UUID id) {}
