namespace ResNetEdge.Exporter.Evaluation;

/// <summary>Two networks on the same pictures: only pictures on which one is right and the other wrong tell them apart.</summary>
/// <param name="Gained">Pictures that only the network answers right.</param>
/// <param name="Lost">Pictures that only the reference answers right.</param>
internal readonly record struct PairedTest(int Gained, int Lost)
{
    /// <summary>
    /// Probability of so uneven a split, or one more uneven, if both networks were equally good: the exact two-sided sign test, which McNemar's test
    /// approximates (Psychometrika 12, 1947). Above 0.05 the difference may be chance.
    /// </summary>
    public double PValue
    {
        get
        {
            int all = Gained + Lost, fewer = Math.Min(Gained, Lost);
            if (all == 0) return 1;
            double log = -all * Math.Log(2), sum = 0; // of C(all, k) / 2^all, which is 0 as a double for many pictures
            for (int k = 0; k <= fewer; k++)
            {
                sum += Math.Exp(log);
                log += Math.Log((double)(all - k) / (k + 1));
            }

            return Math.Min(1, 2 * sum);
        }
    }
}
