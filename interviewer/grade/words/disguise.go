package words

import (
	"strings"
	"unicode"
)

// lookalikes maps letters of other alphabets to the Latin ones they look like.
var lookalikes = func() map[rune]rune {
	of := map[rune]rune{}
	for _, pair := range strings.Fields(`аa еe оo рp сc уy хx іi јj ѕs ԁd һh ԛq ԝw вb нh кk мm тt
		αa εe οo ρp τt υu νv ιi κk ηn χx ωw βb γy μm ζz
		АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS
		ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX`) {
		r := []rune(pair)
		of[r[0]] = r[1]
	}
	return of
}()

// Undisguised returns a text as a reader would see it: letters that look Latin
// are Latin, full-width signs narrow, and what has no width is gone.
func Undisguised(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case lookalikes[r] != 0:
			return lookalikes[r]
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == 0x3000:
			return ' '
		case unicode.In(r, unicode.Cf) || r == 0x034F:
			return -1
		}
		return r
	}, text)
}
