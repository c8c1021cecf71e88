package io.dlion.cluster.line;

import java.util.List;

/**
 * Somebody was reached.
 *
 * @param station who it is
 * @param neighbours with whom it has direct lines
 */
record Answer(Station station, List<Station> neighbours) {}
