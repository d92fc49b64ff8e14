using System.Text;

namespace ResNetEdge.Tests.Unit;

/// <summary>What the compiler reads of a C# file: comments and the characters of strings become spaces, the holes of interpolated
/// strings stay. Lines and columns keep their place.</summary>
internal sealed class SourceText
{
    private readonly string _text;
    private readonly StringBuilder _code;
    private int _at;

    private SourceText(string text) => (_text, _code) = (text, new StringBuilder(text.Length));

    private bool AtEnd => _at >= _text.Length;

    public static string CodeOf(string text)
    {
        var source = new SourceText(text);
        source.Code(inHole: false);
        return source._code.ToString();
    }

    private void Code(bool inHole)
    {
        for (int depth = 0; !AtEnd;)
        {
            if (inHole && depth == 0 && _text[_at] == '}') return;
            if (Sees("//")) BlankTo(_text.IndexOf('\n', _at));
            else if (Sees("/*")) BlankPast(_text.IndexOf("*/", _at + 2, StringComparison.Ordinal), 2);
            else if (_text[_at] == '\'') Character();
            else if (_text[_at] is '"' or '$' or '@' && OpensString()) Text();
            else
            {
                if (_text[_at] is '{' or '(' or '[') depth++;
                if (_text[_at] is '}' or ')' or ']') depth--;
                _code.Append(_text[_at++]);
            }
        }
    }

    private void Character()
    {
        int start = _at++;
        while (!AtEnd && _text[_at] != '\'') _at += _text[_at] == '\\' ? 2 : 1;
        int end = Math.Min(_at + 1, _text.Length);
        _at = start;
        BlankTo(end);
    }

    private bool OpensString()
    {
        int i = _at;
        while (i < _text.Length && _text[i] is '$' or '@') i++;
        return i < _text.Length && _text[i] == '"';
    }

    private void Text()
    {
        int dollars = Count('$');
        bool verbatim = Count('@') > 0;
        dollars += Count('$');
        int quotes = Count('"');
        if (quotes == 2) return;
        bool raw = quotes >= 3;
        while (!AtEnd)
        {
            if (raw ? Sees(new string('"', quotes)) : _text[_at] == '"' && !(verbatim && Sees("\"\"")))
            {
                BlankTo(_at + (raw ? quotes : 1));
                return;
            }
            if (dollars > 0 && _text[_at] == '{' && (raw ? Sees(new string('{', dollars)) : !Sees("{{")))
            {
                BlankTo(_at + (raw ? dollars : 1));
                Code(inHole: true);
                BlankTo(_at + (raw ? dollars : 1));
            }
            else BlankTo(_at + (!raw && (!verbatim && _text[_at] == '\\' || Sees("{{") || Sees("\"\"")) ? 2 : 1));
        }
    }

    private int Count(char c)
    {
        int start = _at;
        while (!AtEnd && _text[_at] == c) BlankTo(_at + 1);
        return _at - start;
    }

    private bool Sees(string mark) => string.CompareOrdinal(_text, _at, mark, 0, mark.Length) == 0;

    private void BlankPast(int end, int length) => BlankTo(end < 0 ? -1 : end + length);

    private void BlankTo(int end)
    {
        end = end < 0 || end > _text.Length ? _text.Length : end;
        for (; _at < end; _at++) _code.Append(_text[_at] == '\n' ? '\n' : ' ');
    }
}
