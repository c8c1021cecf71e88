/**
 * Sources of records that arrive while training goes on: watched folders, Apache Kafka, MQTT; and
 * the thread that brings them to a worker.
 */
@NullMarked
package io.dlion.stream;

import org.jspecify.annotations.NullMarked;
